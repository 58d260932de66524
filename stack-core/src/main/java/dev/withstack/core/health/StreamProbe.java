package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StreamCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** Asks for a stream of events and reads it up to the first event that is as promised. Holds nothing open afterwards. */
public final class StreamProbe {
    private static final int MOST_LINES = 200;

    private final StreamCheck check;
    private final Duration silence;

    /** @param silence how long the stream may say nothing */
    public StreamProbe(StreamCheck check, Duration silence) {
        this.check = check;
        this.silence = silence;
    }

    /** Ask at the address. Never throws for what the service does: every failure is an answer. */
    public Answer ask(HostAndPort address) {
        try (Wire wire = Wire.open(address, silence)) {
            String request = "GET " + check.path() + " HTTP/1.1\r\nHost: " + address
                    + "\r\nUser-Agent: withstack\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n";
            wire.out().write(request.getBytes(StandardCharsets.US_ASCII));
            return read(wire, new BufferedReader(new InputStreamReader(wire.in(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return new Answer.NotReady("GET " + check.path() + ": " + Reasons.of(e));
        }
    }

    private Answer read(Wire wire, BufferedReader stream) throws IOException {
        String status = stream.readLine();
        if (status == null) {
            return new Answer.NotReady("GET " + check.path() + ": connection closed at once");
        }
        String[] words = status.split(" ", 3);
        if (words.length < 2 || !words[1].equals("200")) {
            return new Answer.NotReady("GET " + check.path() + " answered '" + status + "'");
        }
        // chunk sizes stand between the lines, and are none of the events
        Pattern promised = Pattern.compile("^data:\\s*\\{.*\"" + Pattern.quote(check.field()) + "\"\\s*:");
        String last = "";
        for (int i = 0; i < MOST_LINES; i++) {
            wire.endWithin(silence);
            String line = stream.readLine();
            if (line == null) {
                break;
            }
            if (promised.matcher(line).find()) {
                return Answer.READY;
            }
            last = line.startsWith("data:") ? line : last;
        }
        return new Answer.NotReady("GET " + check.path() + " gave no event with \"" + check.field() + "\""
                + (last.isEmpty() ? "" : "; its last was: " + last));
    }
}
