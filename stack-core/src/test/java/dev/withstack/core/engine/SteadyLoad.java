package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask steadily, each on a connection that it keeps until it is told that it is closed, and that ask nothing
 * twice; with them one whose requests take long and, if wanted, one that reads a stream of events and one that reads a
 * WebSocket, which come again when they are sent away in order.
 */
final class SteadyLoad implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final Duration BETWEEN = Duration.ofMillis(10);
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int IN_A_ROW = 40;

    private final int port;
    private final ScheduledExecutorService askers = Executors.newScheduledThreadPool(CLIENTS + 3);
    private final List<Client> clients = new ArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final List<String> untimely = new CopyOnWriteArrayList<>();
    private volatile boolean isOver;
    private volatile String stream = "";
    private volatile String socket = "";
    private String last = "";
    private int inARow;
    private long answers;

    SteadyLoad(int port) {
        this.port = port;
        for (int number = 0; number < CLIENTS; number++) {
            again(client -> client.ask("/"));
        }
        again(client -> client.ask("/slow"));
    }

    /** Let a stream of events and a WebSocket be read besides. */
    SteadyLoad withStreams() {
        again(Client::readStream);
        again(Client::readSocket);
        return this;
    }

    private void again(Consumer<Client> work) {
        Client client = client();
        ScheduledFuture<?> unused =
                askers.scheduleWithFixedDelay(() -> work.accept(client), 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Client client() {
        Client client = new Client();
        clients.add(client);
        return client;
    }

    /** Return all that was ever answered. */
    Set<String> seen() {
        return Set.copyOf(seen);
    }

    List<String> lost() {
        return List.copyOf(lost);
    }

    /** Return the streams and sockets that ended without a word. */
    List<String> untimely() {
        return List.copyOf(untimely);
    }

    void awaitAnswers(int count) {
        long before = answers();
        await().atMost(SOON).until(() -> answers() >= before + count || !lost.isEmpty());
    }

    /** Wait until a good many answers in a row are this one. */
    void awaitOnly(String answer) {
        await().atMost(SOON).until(() -> isOnly(answer));
    }

    /** Wait until stream and socket come from the version. */
    void awaitStreamsOf(String version) {
        await().atMost(SOON).until(() -> stream.equals(version) && socket.equals(version));
    }

    private synchronized long answers() {
        return answers;
    }

    private synchronized boolean isOnly(String answer) {
        return last.equals(answer) && inARow >= IN_A_ROW;
    }

    private synchronized void answered(String answer) {
        seen.add(answer);
        answers++;
        inARow = answer.equals(last) ? inARow + 1 : 1;
        last = answer;
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        askers.shutdown();
        clients.forEach(Client::hangUp);
        assertThat(askers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    /** One connection at a time. */
    private final class Client {
        private volatile @Nullable Socket connection;
        private @Nullable InputStream input;

        void ask(String path) {
            if (isOver) {
                return;
            }
            try {
                write("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Head head = readHead();
                String body = new String(input().readNBytes(head.length()), StandardCharsets.UTF_8);
                if (head.status() == 200 && body.length() == head.length()) {
                    answered(body);
                } else {
                    lose(path + ": status " + head.status() + ", " + body);
                }
                if (head.closes()) {
                    hangUp();
                }
            } catch (IOException | RuntimeException e) {
                lose(path + ": " + e);
                hangUp();
            }
        }

        void readStream() {
            if (isOver) {
                return;
            }
            try {
                write("GET /stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
                Head head = readHead();
                if (head.status() != 200) {
                    lose("/stream: status " + head.status());
                    return;
                }
                for (int size = chunk(); size > 0; size = chunk()) {
                    String event = new String(input().readNBytes(size), StandardCharsets.UTF_8);
                    stream = event.replace("data: ", "").strip();
                    readLine();
                }
            } catch (IOException | RuntimeException e) {
                fail("/stream: " + e);
            } finally {
                hangUp();
            }
        }

        private int chunk() throws IOException {
            return Integer.parseInt(readLine(), 16);
        }

        void readSocket() {
            if (isOver) {
                return;
            }
            try {
                write("GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                Head head = readHead();
                if (head.status() != 101) {
                    lose("/socket: status " + head.status());
                    return;
                }
                while (true) {
                    int kind = readByte();
                    byte[] text = input().readNBytes(readByte());
                    if (kind == 0x88) {
                        return;
                    }
                    socket = new String(text, StandardCharsets.UTF_8);
                }
            } catch (IOException | RuntimeException e) {
                fail("/socket: " + e);
            } finally {
                hangUp();
            }
        }

        private void write(String request) throws IOException {
            Socket open = connection;
            if (open == null) {
                open = new Socket("127.0.0.1", port);
                open.setSoTimeout((int) SOON.toMillis());
                open.setTcpNoDelay(true);
                connection = open;
                input = new BufferedInputStream(open.getInputStream());
            }
            open.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        }

        private InputStream input() throws IOException {
            InputStream open = input;
            if (open == null) {
                throw new IOException("not connected");
            }
            return open;
        }

        private Head readHead() throws IOException {
            String[] status = readLine().split(" ", 3);
            int length = 0;
            boolean closes = false;
            for (String line = readLine(); !line.isEmpty(); line = readLine()) {
                String lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                } else if (lower.startsWith("connection:") && lower.contains("close")) {
                    closes = true;
                }
            }
            return new Head(Integer.parseInt(status[1]), length, closes);
        }

        private String readLine() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = readByte(); next != '\n'; next = readByte()) {
                line.append((char) next);
            }
            return line.toString().stripTrailing();
        }

        private int readByte() throws IOException {
            int next = input().read();
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            return next;
        }

        private void lose(String what) {
            if (!isOver) {
                lost.add(what);
            }
        }

        private void fail(String what) {
            if (!isOver) {
                untimely.add(what);
            }
        }

        void hangUp() {
            Socket open = connection;
            connection = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    // it is gone, as it should be
                }
            }
        }
    }

    private record Head(int status, int length, boolean closes) {}
}
