package dev.withstack.core.engine;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A registry with one image, of which it begins to send the layer: then it is gone. */
final class DyingRegistry implements AutoCloseable {
    private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG =
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
                    + "1".repeat(64) + "\"]}}";
    private static final int SIZE = 10_000_000;
    /** The first byte of whoever begins to speak TLS, as an engine does first. */
    private static final int TLS = 0x16;

    private final ServerSocket server;
    private volatile boolean hasBegun;

    private DyingRegistry(ServerSocket server) {
        this.server = server;
    }

    static DyingRegistry open(String address) throws IOException {
        DyingRegistry registry = new DyingRegistry(new ServerSocket(0, 50, InetAddress.getByName(address)));
        Thread answering = new Thread(registry::answerAll, "dying-registry");
        answering.setDaemon(true);
        answering.start();
        return registry;
    }

    String image() {
        return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + "/acme/api:3";
    }

    /** Tell whether it has begun to send. */
    boolean hasBegun() {
        return hasBegun;
    }

    private void answerAll() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                answer(client);
            } catch (IOException e) {
                // that client is gone, or all of this is
            }
        }
    }

    private void answer(Socket client) throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        StringBuilder request = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != TLS && !request.toString().endsWith("\r\n\r")) {
            request.append((char) next);
            next = in.read();
        }
        String[] words = request.toString().split(" ");
        String path = words.length > 1 ? words[1] : "";
        if (path.contains("/manifests/")) {
            send(client, words[0], TYPE, manifest());
        } else if (path.endsWith(digest(CONFIG))) {
            send(client, words[0], "application/octet-stream", CONFIG);
        } else if (path.contains("/blobs/")) {
            client.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().write(new byte[100_000]);
            hasBegun = true;
            server.close();
        } else if (!path.isEmpty()) {
            send(client, words[0], "application/json", "{}");
        }
    }

    private static void send(Socket client, String method, String type, String text) throws IOException {
        String head =
                "HTTP/1.1 200 OK\r\nConnection: close\r\nDocker-Distribution-Api-Version: registry/2.0\r\nContent-Type: "
                        + type + "\r\nDocker-Content-Digest: " + digest(text) + "\r\nContent-Length: " + text.length()
                        + "\r\n\r\n";
        client.getOutputStream().write((head + (method.equals("HEAD") ? "" : text)).getBytes(StandardCharsets.UTF_8));
    }

    private static String manifest() {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + TYPE
                + "\",\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"size\":"
                + CONFIG.length() + ",\"digest\":\"" + digest(CONFIG)
                + "\"},\"layers\":[{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar.gzip\",\"size\":"
                + SIZE
                + ",\"digest\":\"sha256:" + "2".repeat(64) + "\"}]}";
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
