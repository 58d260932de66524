package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** One call to a server's HTTP interface. The JDK's newer client takes longer to load than most of these calls take. */
final class HttpCall {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    /** @param pathAndQuery encoded already */
    static Answer send(String method, HostAndPort server, String pathAndQuery, Map<String, String> headers)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + server + pathAndQuery).toURL().openConnection();
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        if (method.equals("PUT")) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(0);
            connection.getOutputStream().close();
        }
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
