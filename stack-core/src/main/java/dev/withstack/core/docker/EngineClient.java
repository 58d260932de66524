package dev.withstack.core.docker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carry out calls: connections, API version, failures. Safe for use by several threads. */
final class EngineClient implements AutoCloseable {

    private static final int OLDEST_MINOR = 41;
    private static final int NEWEST_MINOR = 44;
    /** What an engine with certificates says to whoever comes without. */
    private static final String DEMANDS_TLS = "HTTP request to an HTTPS server";

    private static final int LONGEST_ERROR = 64 * 1024;

    private final LocatedEngine engine;
    private final Connector connector;
    private final ConnectionPool pool;
    private final int timeoutMillis;
    private volatile int minor;

    EngineClient(LocatedEngine engine, EngineTimeouts timeouts) {
        this.engine = engine;
        this.connector = new Connector(engine, (int) timeouts.connect().toMillis());
        this.pool = new ConnectionPool(connector);
        this.timeoutMillis = (int) timeouts.silence().toMillis();
    }

    LocatedEngine engine() {
        return engine;
    }

    /** Return the minor number of the API version that is spoken, asking the engine the first time. */
    int minorVersion() {
        if (minor == 0) {
            negotiate();
        }
        return minor;
    }

    private synchronized void negotiate() {
        if (minor != 0) {
            return;
        }
        Call ping = Call.get("/_ping");
        String offered;
        try (Response response = send(ping, "")) {
            offered = response.header("api-version");
            response.readAllBytes();
        } catch (IOException e) {
            throw failure(e, ping);
        }
        int newest = offered.startsWith("1.") ? minorOf(offered) : 0;
        if (newest < OLDEST_MINOR) {
            throw new EngineTooOldException(engine, offered.isEmpty() ? "unknown" : offered);
        }
        minor = Math.min(newest, NEWEST_MINOR);
    }

    private static int minorOf(String version) {
        try {
            return Integer.parseInt(version.substring(2));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    JsonObject object(Call call) {
        try (Response response = open(call)) {
            return Json.object(response.readAllBytes());
        } catch (IOException e) {
            throw failure(e, call);
        }
    }

    List<JsonObject> objects(Call call) {
        try (Response response = open(call)) {
            return Json.objects(response.readAllBytes());
        } catch (IOException e) {
            throw failure(e, call);
        }
    }

    void run(Call call) {
        try (Response response = open(call)) {
            response.readAllBytes();
        } catch (IOException e) {
            throw failure(e, call);
        }
    }

    /** Send the call and return the answer, its body unread; a refusal is thrown. */
    Response open(Call call) {
        return send(call, "/v1." + minorVersion());
    }

    private Response send(Call call, String prefix) {
        try {
            Response response = exchange(call, prefix);
            if (response.status() >= 300 && response.status() != 304) {
                throw refusal(response, call);
            }
            return response;
        } catch (IOException e) {
            throw failure(e, call);
        }
    }

    private Response exchange(Call call, String prefix) throws IOException {
        HttpConnection kept = pool.take();
        if (kept == null) {
            return exchange(fresh(), call, prefix);
        }
        try {
            return exchange(kept, call, prefix);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (!call.repeatable() || pool.closed() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return exchange(fresh(), call, prefix);
        }
    }

    private Response exchange(HttpConnection connection, Call call, String prefix) throws IOException {
        try {
            connection.timeoutMillis(call.timeoutMillis(timeoutMillis));
            return new Response(connection, connection.exchange(call, prefix), pool);
        } catch (IOException | RuntimeException e) {
            pool.discard(connection);
            throw e;
        }
    }

    private HttpConnection fresh() throws IOException {
        try {
            return pool.connect();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw connector.unreachable(e);
        }
    }

    private EngineException refusal(Response response, Call call) throws IOException {
        try (response) {
            byte[] body = response.readNBytes(LONGEST_ERROR);
            String text = new String(body, StandardCharsets.UTF_8).strip();
            if (text.contains(DEMANDS_TLS)) {
                return connector.unreachable(new IOException("it speaks TLS only"));
            }
            String message = messageIn(body);
            if (message == null) {
                message = text.isEmpty() ? "HTTP status " + response.status() : text;
            }
            return DockerException.of(response.status(), message, call.toString());
        }
    }

    private static @Nullable String messageIn(byte[] body) {
        try {
            String message = Json.object(body).text("message");
            return message.isEmpty() ? null : message;
        } catch (IOException notJson) {
            return null;
        }
    }

    /** Return what to throw for a connection that failed during a call. */
    RuntimeException failure(IOException e, Call call) {
        if (pool.closed()) {
            return ConnectionPool.closedException();
        }
        if (e instanceof SocketTimeoutException) {
            return new EngineTimeoutException(
                    call.toString(), engine, Duration.ofMillis(call.timeoutMillis(timeoutMillis)));
        }
        if (e instanceof ClosedByInterruptException
                || e instanceof InterruptedIOException
                || Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            return new EngineInterruptedException(call.toString());
        }
        String problem = e.getMessage() == null ? "the connection broke" : e.getMessage();
        return new EngineUnreachableException(
                engine,
                problem + " (during " + call + ")",
                "Was the engine stopped or restarted? Try again when it is back; its log says more"
                        + " (journalctl -u docker).",
                e);
    }

    boolean closed() {
        return pool.closed();
    }

    @Override
    public void close() {
        pool.close();
    }
}
