package dev.withstack.core.engine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry with one image, of which it begins to send the layer: then it is gone. */
final class DyingRegistry implements AutoCloseable {
    private static final String TYPE = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG =
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
                    + "1".repeat(64) + "\"]}}";
    private static final int SIZE = 10_000_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean hasBegun;

    private DyingRegistry(HttpServer server) {
        this.server = server;
    }

    static DyingRegistry open(String address) throws IOException {
        DyingRegistry registry = new DyingRegistry(HttpServer.create(new InetSocketAddress(address, 0), 0));
        registry.server.createContext("/v2/", registry::answer);
        // an engine tries TLS first, which a single thread would wait to the end of
        registry.server.setExecutor(registry.threads);
        registry.server.start();
        return registry;
    }

    String image() {
        return server.getAddress().getHostString() + ":" + server.getAddress().getPort() + "/acme/api:3";
    }

    /** Tell whether it has begun to send. */
    boolean hasBegun() {
        return hasBegun;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.contains("/manifests/")) {
            String manifest = manifest();
            exchange.getResponseHeaders().add("Docker-Content-Digest", digest(manifest));
            send(exchange, TYPE, manifest);
        } else if (path.endsWith(digest(CONFIG))) {
            send(exchange, "application/octet-stream", CONFIG);
        } else if (path.contains("/blobs/")) {
            exchange.sendResponseHeaders(200, SIZE);
            exchange.getResponseBody().write(new byte[100_000]);
            exchange.getResponseBody().flush();
            hasBegun = true;
            server.stop(0);
        } else {
            send(exchange, "application/json", "{}");
        }
    }

    private static String manifest() {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + TYPE
                + "\",\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"size\":"
                + CONFIG.length() + ",\"digest\":\"" + digest(CONFIG)
                + "\"},\"layers\":[{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar.gzip\",\"size\":"
                + SIZE
                + ",\"digest\":\"sha256:" + "2".repeat(64) + "\"}]}";
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
