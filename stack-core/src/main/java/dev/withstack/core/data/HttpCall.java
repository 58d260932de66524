package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One call to a server's HTTP interface. The JDK's newer client takes longer to load than most of these calls take. */
final class HttpCall {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** For what a server does with all of its data before it answers. */
    private static final Duration LONG_PATIENCE = Duration.ofHours(6);

    private static final Set<String> BODIES = Set.of("PUT", "POST");

    private HttpCall() {}

    /** An answer with its text. */
    record Answer(int status, String body) {

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** @throws IOException with the status and the beginning of the text, unless it is a success */
        Answer expectSuccess(String what) throws IOException {
            if (!isSuccess()) {
                throw new IOException(what + " was answered with " + status + ": "
                        + body.strip().lines().findFirst().orElse(""));
            }
            return this;
        }
    }

    /**
     * An answer whose content is still to be read; whoever asked closes it.
     *
     * @param headers by name in lower case
     */
    record Opened(int status, Map<String, String> headers, InputStream body) implements Closeable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** @param pathAndQuery encoded already */
    static Answer send(String method, HostAndPort server, String pathAndQuery, Map<String, String> headers)
            throws IOException {
        return sendNothing(prepare(method, server, pathAndQuery, headers));
    }

    /** Ask for something that the server takes its time for. */
    static Answer order(String method, HostAndPort server, String pathAndQuery) throws IOException {
        return sendNothing(patient(prepare(method, server, pathAndQuery, Map.of())));
    }

    private static Answer sendNothing(HttpURLConnection connection) throws IOException {
        if (BODIES.contains(connection.getRequestMethod())) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(0);
            connection.getOutputStream().close();
        }
        return answer(connection);
    }

    private static HttpURLConnection patient(HttpURLConnection connection) {
        connection.setReadTimeout((int) LONG_PATIENCE.toMillis());
        return connection;
    }

    /** Send a body of that many bytes, read from the stream, which the caller closes. */
    static Answer send(
            String method,
            HostAndPort server,
            String pathAndQuery,
            Map<String, String> headers,
            InputStream body,
            long length)
            throws IOException {
        return send(prepare(method, server, pathAndQuery, headers), body, length);
    }

    private static Answer send(HttpURLConnection connection, InputStream body, long length) throws IOException {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(length);
        try (OutputStream out = connection.getOutputStream()) {
            Transfer.all(body, out);
        }
        return answer(connection);
    }

    /** Hand over a file of that many bytes as the only part of a form, and wait for what the server does with it. */
    static Answer upload(HostAndPort server, String pathAndQuery, String part, InputStream file, long length)
            throws IOException {
        String boundary = "withstack-" + UUID.randomUUID();
        byte[] before = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part + "\"; filename=\""
                        + part + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] after = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        HttpURLConnection connection = patient(prepare(
                "POST", server, pathAndQuery, Map.of("Content-Type", "multipart/form-data; boundary=" + boundary)));
        InputStream whole = new SequenceInputStream(Collections.enumeration(
                List.of(new ByteArrayInputStream(before), file, new ByteArrayInputStream(after))));
        return send(connection, whole, before.length + length + after.length);
    }

    /** Send a text as JSON. */
    static Answer json(String method, HostAndPort server, String pathAndQuery, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return send(
                method,
                server,
                pathAndQuery,
                Map.of("Content-Type", "application/json"),
                new ByteArrayInputStream(body),
                body.length);
    }

    static Opened open(HostAndPort server, String pathAndQuery, Map<String, String> headers) throws IOException {
        HttpURLConnection connection = prepare("GET", server, pathAndQuery, headers);
        int status = connection.getResponseCode();
        Map<String, String> answered = new LinkedHashMap<>();
        connection.getHeaderFields().forEach((name, values) -> {
            if (name != null) {
                answered.put(name.toLowerCase(Locale.ROOT), values.get(0));
            }
        });
        InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        return new Opened(status, answered, body == null ? InputStream.nullInputStream() : body);
    }

    private static HttpURLConnection prepare(
            String method, HostAndPort server, String pathAndQuery, Map<String, String> headers) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + server + pathAndQuery).toURL().openConnection();
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
