package dev.withstack.core.docker;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Hold a wait for the end of a container that the engine has already begun.
 *
 * <p>Awaited by one thread, closed by any. Whoever opens it closes it.
 */
public final class ExitWatch implements AutoCloseable {

    private final EngineClient client;
    private final Call call;
    private final Response response;

    ExitWatch(EngineClient client, Call call, Response response) {
        this.client = client;
        this.call = call;
        this.response = response;
    }

    /** Wait for the end, however long that takes. */
    public ContainerExit await() {
        response.connection().timeoutMillis(Wire.FOREVER);
        try {
            return read();
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    /**
     * Wait for the end.
     *
     * @return empty if it did not come in time; the watch is then closed
     */
    public Optional<ContainerExit> await(Duration timeout) {
        response.connection().timeoutMillis((int) Math.max(1, Math.min(timeout.toMillis(), Integer.MAX_VALUE)));
        try {
            return Optional.of(read());
        } catch (java.net.SocketTimeoutException notInTime) {
            close();
            return Optional.empty();
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    private ContainerExit read() throws IOException {
        JsonObject json = Json.object(response.readAllBytes());
        response.close();
        return new ContainerExit(
                json.integer("StatusCode"), json.object("Error").text("Message"));
    }

    /** Stop waiting; the container goes on. */
    @Override
    public void close() {
        response.close();
    }
}
