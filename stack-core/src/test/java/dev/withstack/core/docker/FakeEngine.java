package dev.withstack.core.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Plays an engine on a Unix socket: answers each call as it was told, byte for byte, and remembers what was asked. */
final class FakeEngine implements AutoCloseable {

    /** One request, as it came. */
    record Request(String method, String target, Map<String, String> headers, String body) {

        /** The path without the API version and the query. */
        String path() {
            String path = target.indexOf('?') < 0 ? target : target.substring(0, target.indexOf('?'));
            return path.startsWith("/v1.") ? path.substring(path.indexOf('/', 1)) : path;
        }

        String call() {
            return method + " " + path();
        }
    }

    /** Answers one request; the connection is kept when it returns, and closed when it throws. */
    interface Reply {
        void write(OutputStream out) throws IOException;
    }

    private final Path socket;
    private final ServerSocketChannel server;
    private final Map<String, List<Reply>> replies = Collections.synchronizedMap(new HashMap<>());
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<SocketChannel> connections = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger accepted = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);

    FakeEngine(Path directory) throws IOException {
        this(directory, "1.41");
    }

    FakeEngine(Path directory, String apiVersion) throws IOException {
        socket = directory.resolve("e.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        on("GET /_ping", raw("HTTP/1.1 200 OK\r\nApi-Version: " + apiVersion + "\r\nContent-Length: 2\r\n\r\nOK"));
        thread(this::accept);
    }

    LocatedEngine located() {
        return new LocatedEngine(new EngineAddress.Unix(socket), "DOCKER_HOST");
    }

    DockerEngine open() {
        return DockerEngine.open(located());
    }

    /** Answer the call so; several answers are given in turn, the last one from then on. */
    FakeEngine on(String call, Reply... inTurn) {
        replies.put(call, new ArrayList<>(List.of(inTurn)));
        return this;
    }

    static Reply json(String text) {
        return json(200, text);
    }

    static Reply json(int status, String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return raw("HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + length
                + "\r\n\r\n" + text);
    }

    static Reply empty(int status) {
        return raw("HTTP/1.1 " + status + " X\r\n" + (status == 204 ? "" : "Content-Length: 0\r\n") + "\r\n");
    }

    static Reply raw(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    static Reply chunked(String... pieces) {
        byte[][] bytes = new byte[pieces.length][];
        for (int at = 0; at < pieces.length; at++) {
            bytes[at] = pieces[at].getBytes(StandardCharsets.UTF_8);
        }
        return chunkedBytes("application/json", bytes);
    }

    static Reply chunkedBytes(String type, byte[]... pieces) {
        return out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n"));
            for (byte[] piece : pieces) {
                chunk(out, piece);
            }
            out.write(ascii("0\r\n\r\n"));
        };
    }

    static void chunk(OutputStream out, byte[] piece) throws IOException {
        out.write(ascii(Integer.toHexString(piece.length) + "\r\n"));
        out.write(piece);
        out.write(ascii("\r\n"));
    }

    /** Switch to a raw stream, send it and end the connection. */
    static Reply hijacked(byte[]... pieces) {
        return out -> {
            out.write(ascii("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"));
            for (byte[] piece : pieces) {
                out.write(piece);
            }
            throw new IOException("end of the stream");
        };
    }

    /** Send what the other reply sends, then end the connection. */
    static Reply thenEnd(Reply reply) {
        return out -> {
            reply.write(out);
            throw new IOException("end of the connection");
        };
    }

    /** Send what the other reply sends, then nothing more until the engine is closed. */
    Reply thenSilence(Reply reply) {
        return out -> {
            reply.write(out);
            out.flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("over");
        };
    }

    Reply silence() {
        return thenSilence(out -> {});
    }

    /** Frame a piece as the engine does: 1 is standard output, 2 standard error. */
    static byte[] frame(int stream, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[8 + content.length];
        frame[0] = (byte) stream;
        frame[6] = (byte) (content.length >> 8);
        frame[7] = (byte) content.length;
        System.arraycopy(content, 0, frame, 8, content.length);
        return frame;
    }

    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Return the last request of that call. */
    Request last(String call) {
        List<Request> all = requests();
        for (int at = all.size() - 1; at >= 0; at--) {
            if (all.get(at).call().equals(call)) {
                return all.get(at);
            }
        }
        throw new AssertionError("'" + call + "' was not called, but " + all);
    }

    int connectionsAccepted() {
        return accepted.get();
    }

    /**
     * End all connections that are open now. The client sees it at once: a close alone takes effect only when the thread
     * that reads there has woken up.
     */
    void dropConnections() throws IOException {
        for (SocketChannel one : List.copyOf(connections)) {
            try {
                one.shutdownOutput();
            } catch (IOException gone) {
                // The client went first.
            }
            one.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                accepted.incrementAndGet();
                connections.add(connection);
                thread(() -> serve(connection));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = Channels.newInputStream(connection);
            OutputStream out = Channels.newOutputStream(connection);
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                replyTo(request).write(out);
            }
        } catch (IOException ended) {
            // As told, or by the client.
        }
    }

    private Reply replyTo(Request request) {
        synchronized (replies) {
            List<Reply> inTurn = replies.get(request.call());
            if (inTurn == null) {
                return json(
                        501, "{\"message\":\"the fake engine was not told what to answer to " + request.call() + "\"}");
            }
            return inTurn.size() > 1 ? inTurn.remove(0) : inTurn.get(0);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String start = line(in);
        if (start.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String[] words = start.split(" ");
        return new Request(words[0], words[1], headers, body(in, headers));
    }

    private static String body(InputStream in, Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int one = in.read(); one >= 0 && one != '\n'; one = in.read()) {
            line.append((char) one);
        }
        return line.toString().stripTrailing();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void thread(Runnable runnable) {
        Thread thread = new Thread(runnable, "fake engine");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            over.countDown();
            server.close();
            dropConnections();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
