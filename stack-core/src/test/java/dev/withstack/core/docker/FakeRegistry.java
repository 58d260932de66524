package dev.withstack.core.docker;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Plays a registry on the loopback address, which every engine accepts without TLS; it holds one small image. */
final class FakeRegistry implements AutoCloseable {

    private static final String MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

    private final ServerSocket server;
    private final byte[] layer;
    private final byte[] config;
    private final byte[] manifest;

    FakeRegistry() throws IOException {
        byte[] files = Tar.archive(List.of(ContainerFile.text("hello", "hello")));
        layer = zipped(files);
        config = Json.bytes(Map.of(
                "architecture",
                "amd64",
                "os",
                "linux",
                "config",
                Map.of("Labels", Map.of("dev.withstack.test", "docker-client"), "Cmd", List.of("/hello")),
                "rootfs",
                Map.of("type", "layers", "diff_ids", List.of(digest(files)))));
        manifest = Json.bytes(Map.of(
                "schemaVersion",
                2,
                "mediaType",
                MANIFEST_TYPE,
                "config",
                part("application/vnd.docker.container.image.v1+json", config),
                "layers",
                List.of(part("application/vnd.docker.image.rootfs.diff.tar.gzip", layer))));
        server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "fake registry");
        thread.setDaemon(true);
        thread.start();
    }

    String image(String name) {
        return "127.0.0.1:" + server.getLocalPort() + "/" + name;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                answer(connection.getInputStream(), connection.getOutputStream());
            } catch (IOException closedByOneOrTheOther) {
                // The next connection may do.
            }
        }
    }

    /** Answer one request; what is not plain HTTP, such as an attempt at TLS, is hung up on at once. */
    private void answer(InputStream in, OutputStream out) throws IOException {
        int first = in.read();
        if (first != 'G' && first != 'H') {
            return;
        }
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        String path = reader.readLine().split(" ")[1];
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            // No header matters here.
        }
        boolean whole = first == 'G';
        if (path.startsWith("/v2/locked/")) {
            write(out, "401 Unauthorized", "application/json", error("UNAUTHORIZED"), whole);
        } else if (path.equals("/v2/")) {
            write(out, "200 OK", "application/json", new byte[] {'{', '}'}, whole);
        } else if (path.equals("/v2/hello/manifests/1") || path.equals("/v2/hello/manifests/" + digest(manifest))) {
            write(out, "200 OK", MANIFEST_TYPE, manifest, whole);
        } else if (path.equals("/v2/hello/blobs/" + digest(config))) {
            write(out, "200 OK", "application/octet-stream", config, whole);
        } else if (path.equals("/v2/hello/blobs/" + digest(layer))) {
            write(out, "200 OK", "application/octet-stream", layer, whole);
        } else {
            write(out, "404 Not Found", "application/json", error("MANIFEST_UNKNOWN"), whole);
        }
    }

    private static void write(OutputStream out, String status, String type, byte[] body, boolean whole)
            throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                + "\r\nDocker-Content-Digest: " + digest(body) + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (whole) {
            out.write(body);
        }
    }

    private static byte[] error(String code) {
        return ("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + code.toLowerCase(Locale.ROOT) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> part(String type, byte[] content) {
        return Map.of("mediaType", type, "size", content.length, "digest", digest(content));
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] zipped(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(content);
        }
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
