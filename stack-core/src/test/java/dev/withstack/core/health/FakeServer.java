package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on the loopback address that does to each connection what a test wants. */
final class FakeServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** What the server does to one connection, which is closed afterwards. */
    @FunctionalInterface
    interface Conversation {
        void with(Socket client) throws Exception;
    }

    FakeServer(Conversation conversation) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        begin(() -> accept(conversation));
    }

    /** Return a server that reads an HTTP request and answers with these characters, whatever they are. */
    static FakeServer answering(String answer) throws IOException {
        return new FakeServer(client -> {
            readUntil(client.getInputStream(), "\r\n\r\n");
            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Return a server that reads an HTTP request, answers with these characters and then says nothing more. */
    static FakeServer answeringWithoutEnd(String answer) throws IOException {
        return new FakeServer(client -> {
            readUntil(client.getInputStream(), "\r\n\r\n");
            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            readUntil(client.getInputStream(), "until the client has gone");
        });
    }

    HostAndPort address() {
        return new HostAndPort("127.0.0.1", socket.getLocalPort());
    }

    private void begin(Runnable work) {
        Thread thread = new Thread(work, "fake-server");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void accept(Conversation conversation) {
        try {
            while (!socket.isClosed()) {
                Socket client = socket.accept();
                begin(() -> converse(client, conversation));
            }
        } catch (IOException e) {
            // the server is closed
        }
    }

    private static void converse(Socket client, Conversation conversation) {
        try (client) {
            conversation.with(client);
        } catch (Exception e) {
            // the client has gone
        }
    }

    static String readUntil(InputStream in, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.UTF_8).endsWith(end)) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            read.write(next);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    /** Close the server and wait until its conversations have ended. */
    @Override
    public void close() throws IOException {
        socket.close();
        for (Thread thread : threads) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }
}
