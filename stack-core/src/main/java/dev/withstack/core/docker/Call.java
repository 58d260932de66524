package dev.withstack.core.docker;

import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describe one request: method, path below the API version, query, body, patience. */
final class Call {

    private static final byte[] NOTHING = new byte[0];

    private final String method;
    private final String path;
    private final StringBuilder query = new StringBuilder();
    private final StringBuilder headers = new StringBuilder();
    private byte[] body = NOTHING;
    private @Nullable InputStream stream;
    private int extraPatienceMillis;
    private int ownPatienceMillis;
    private Patience patience = Patience.NORMAL;

    /** How long silence is borne. */
    enum Patience {
        NORMAL,
        ENDLESS
    }

    private Call(String method, String path) {
        this.method = method;
        this.path = path;
    }

    static Call get(String path) {
        return new Call("GET", path);
    }

    static Call post(String path) {
        return new Call("POST", path);
    }

    static Call put(String path) {
        return new Call("PUT", path);
    }

    static Call delete(String path) {
        return new Call("DELETE", path);
    }

    /** Join path parts, with what a user gave made safe; slashes and colons of image references stay. */
    static String path(String before, String given, String after) {
        if (given.isBlank()) {
            throw new IllegalArgumentException(
                    "A name or id is needed for " + before + "..." + after + ", got '" + given + "'");
        }
        return before + encoded(given).replace("%2F", "/").replace("%3A", ":").replace("%40", "@") + after;
    }

    Call query(String name, String value) {
        query.append(query.length() == 0 ? '?' : '&').append(name).append('=').append(encoded(value));
        return this;
    }

    Call header(String name, String value) {
        headers.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    Call json(Map<String, ?> fields) {
        body = Json.bytes(fields);
        return header("Content-Type", "application/json");
    }

    /** Send the stream as body, in chunks, to its end; the caller closes it. */
    Call stream(InputStream source, String type) {
        stream = source;
        return header("Content-Type", type);
    }

    /** Bear that much more silence than usual: the engine was told to wait itself. */
    Call waits(Duration longer) {
        extraPatienceMillis = (int) Math.min(longer.toMillis(), Integer.MAX_VALUE / 2);
        return this;
    }

    /** Bear just that much silence. */
    Call silence(Duration longest) {
        ownPatienceMillis = (int) Math.max(1, Math.min(longest.toMillis(), Integer.MAX_VALUE));
        return this;
    }

    /** Bear silence without end: the answer comes when something happens. */
    Call endless() {
        patience = Patience.ENDLESS;
        return this;
    }

    byte[] head(String prefix) {
        StringBuilder head = new StringBuilder(256)
                .append(method)
                .append(' ')
                .append(prefix)
                .append(path)
                .append(query)
                .append(" HTTP/1.1\r\n")
                .append("Host: docker\r\nUser-Agent: withstack\r\n")
                .append(headers);
        if (stream != null) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (!method.equals("GET")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] body() {
        return body;
    }

    @Nullable
    InputStream stream() {
        return stream;
    }

    boolean repeatable() {
        return method.equals("GET");
    }

    int timeoutMillis(int normal) {
        if (patience == Patience.ENDLESS) {
            return Wire.FOREVER;
        }
        return ownPatienceMillis > 0 ? ownPatienceMillis : normal + extraPatienceMillis;
    }

    /** Return method and path, as messages name the call. */
    @Override
    public String toString() {
        return method + " " + path;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
