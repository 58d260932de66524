package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One HTTP GET over a connection of its own. The JDK's client takes a tenth of a second to load, which is more than
 * most services need from listening to ready.
 */
final class HttpProbe {
    private static final int LARGEST_BODY = 64 * 1024;
    private static final int SHOWN_BODY = 200;

    private final Probe.Http probe;

    HttpProbe(Probe.Http probe) {
        this.probe = probe;
    }

    Answer ask(HostAndPort address) throws IOException {
        try (Socket socket = Wire.open(address)) {
            String request = "GET " + probe.path() + " HTTP/1.1\r\nHost: " + address
                    + "\r\nUser-Agent: withstack\r\nAccept: */*\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String head = readHead(in);
            return judge(status(head), body(head, in));
        }
    }

    private Answer judge(int status, String body) {
        if (status != probe.status()) {
            return notReady("answered " + status, body);
        }
        if (probe.contains().isPresent() && !body.contains(probe.contains().get())) {
            return notReady(
                    "answered " + status + " without '" + probe.contains().get() + "'", body);
        }
        Optional<Probe.JsonField> json = probe.json();
        if (json.isPresent() && !hasField(body, json.get())) {
            return notReady(
                    "answered " + status + " without \"" + json.get().name() + "\": \""
                            + json.get().value() + "\"",
                    body);
        }
        return Answer.READY;
    }

    private Answer notReady(String what, String body) {
        String shown = body.strip().replaceAll("\\s+", " ");
        return new Answer.NotReady("GET " + probe.path() + " " + what
                + (shown.isEmpty() ? "" : ": " + shown.substring(0, Math.min(SHOWN_BODY, shown.length()))));
    }

    private static boolean hasField(String body, Probe.JsonField field) {
        String name = Pattern.quote("\"" + field.name() + "\"");
        String value = Pattern.quote(field.value());
        return Pattern.compile(name + "\\s*:\\s*(\"" + value + "\"|" + value + "\\s*[,}])")
                .matcher(body)
                .find();
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.write(next);
            last = last << 8 | next;
            if (head.size() > LARGEST_BODY) {
                throw new IOException("answered with an endless header");
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int status(String head) throws IOException {
        String[] words = head.substring(0, head.indexOf('\r')).split(" ", 3);
        if (!words[0].startsWith("HTTP/") || words.length < 2) {
            throw new IOException("answered something that is not HTTP");
        }
        try {
            return Integer.parseInt(words[1]);
        } catch (NumberFormatException e) {
            throw new IOException("answered something that is not HTTP", e);
        }
    }

    /** Read up to the content length or the end; chunk sizes stay in the text, which no judgement here minds. */
    private static String body(String head, InputStream in) throws IOException {
        int length = LARGEST_BODY;
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Math.min(length, Integer.parseInt(line.substring(15).strip()));
            } else if (line.toLowerCase(Locale.ROOT).startsWith("content-type: text/event-stream")) {
                length = 0;
            }
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
