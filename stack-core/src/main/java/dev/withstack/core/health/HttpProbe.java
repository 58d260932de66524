package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One HTTP GET over a connection of its own, judged as soon as enough of the answer is there. The JDK's client takes a
 * tenth of a second to load, which is more than most services need from listening to ready.
 */
final class HttpProbe {
    private static final int LARGEST_HEAD = 64 * 1024;
    private static final int SHOWN_BODY = 200;
    private static final String BEGINNING = "HTTP/";

    /** The body of an answer that is no good already is for people: it is not waited for. */
    private static final Duration EXPLANATION = Duration.ofMillis(500);

    private final Probe.Http probe;

    HttpProbe(Probe.Http probe) {
        this.probe = probe;
    }

    Answer ask(HostAndPort address) throws IOException {
        try (Wire wire = Wire.open(address)) {
            String request = "GET " + probe.path() + " HTTP/1.1\r\nHost: " + address
                    + "\r\nUser-Agent: withstack\r\nAccept: */*\r\nConnection: close\r\n\r\n";
            wire.out().write(request.getBytes(StandardCharsets.US_ASCII));
            String head = readHead(wire.in());
            int status = status(head);
            boolean isAsWanted = status == probe.status();
            if (isAsWanted && isSatisfiedBy("")) {
                return Answer.READY;
            } else if (!isAsWanted) {
                wire.endWithin(EXPLANATION);
            }
            return judge(isAsWanted, status, new HttpBody(head, wire.in()));
        }
    }

    private Answer judge(boolean isAsWanted, int status, HttpBody body) throws IOException {
        String text = "";
        try {
            while (body.readMore()) {
                text = body.text();
                if (isAsWanted && isSatisfiedBy(text)) {
                    return Answer.READY;
                }
            }
        } catch (SocketTimeoutException e) {
            // what has come so far is what is judged
        }
        return notReady("answered " + status + (isAsWanted ? whatIsMissing(text) : ""), text);
    }

    private boolean isSatisfiedBy(String body) {
        return lacksNoText(body)
                && probe.json().map(field -> hasField(body, field)).orElse(true);
    }

    private boolean lacksNoText(String body) {
        return probe.contains().map(body::contains).orElse(true);
    }

    private String whatIsMissing(String body) {
        return lacksNoText(body)
                ? probe.json()
                        .map(field -> " without \"" + field.name() + "\": \"" + field.value() + "\"")
                        .orElse("")
                : " without '" + probe.contains().orElse("") + "'";
    }

    private Answer notReady(String what, String body) {
        String shown = body.strip().replaceAll("\\s+", " ");
        return new Answer.NotReady("GET " + probe.path() + " " + what
                + (shown.isEmpty() ? "" : ": " + shown.substring(0, Math.min(SHOWN_BODY, shown.length()))));
    }

    private static boolean hasField(String body, Probe.JsonField field) {
        Optional<String> value = TopLevelJson.field(body, field.name());
        return value.isPresent() && value.get().equals(field.value());
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int next = in.read();
            if (next < 0) {
                throw head.size() == 0
                        ? new EOFException()
                        : new IOException("closed the connection in the middle of its answer");
            }
            if (head.size() < BEGINNING.length() && next != BEGINNING.charAt(head.size())) {
                throw new IOException("answered something that is not HTTP");
            }
            head.write(next);
            last = last << 8 | next;
            if (head.size() > LARGEST_HEAD) {
                throw new IOException("answered with an endless header");
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static int status(String head) throws IOException {
        String[] words = head.substring(0, head.indexOf('\r')).split(" ", 3);
        try {
            return Integer.parseInt(words.length < 2 ? "" : words[1]);
        } catch (NumberFormatException e) {
            throw new IOException("answered something that is not HTTP", e);
        }
    }
}
