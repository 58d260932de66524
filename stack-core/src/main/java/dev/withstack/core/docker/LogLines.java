package dev.withstack.core.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Put lines together from the pieces of one stream of a log with time stamps.
 *
 * <p>The engine stamps each message it stored; a line longer than 16 KiB is several messages, each stamped. In frames
 * one frame is one message, so that every stamp but the line's first can be dropped.
 */
final class LogLines {

    private static final int LONGEST_STAMP = 40;
    private static final int LONGEST_LINE = 1024 * 1024;

    private final LogLine.Stream stream;
    private final Consumer<? super LogLine> consumer;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private Instant time = Instant.EPOCH;

    LogLines(LogLine.Stream stream, Consumer<? super LogLine> consumer) {
        this.stream = stream;
        this.consumer = consumer;
    }

    /** Take one whole message: a stamp, then text with or without a line end. */
    void message(byte[] bytes, int offset, int length) {
        int stamp = stampLength(bytes, offset, length);
        Instant stamped = stamp == 0 ? null : instant(bytes, offset, stamp);
        if (stamped != null && line.size() == 0) {
            time = stamped;
        }
        int skip = stamped == null ? 0 : stamp + 1;
        append(bytes, offset + skip, length - skip);
    }

    private void append(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int at = offset; at < offset + length; at++) {
            if (bytes[at] == '\n') {
                line.write(bytes, from, at - from);
                emit();
                from = at + 1;
            }
        }
        line.write(bytes, from, offset + length - from);
        if (line.size() > LONGEST_LINE) {
            emit();
        }
    }

    /** Take bytes of a stream without frames, cut anywhere. */
    void raw(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int at = offset; at < offset + length; at++) {
            if (bytes[at] == '\n') {
                line.write(bytes, from, at - from);
                emitStamped();
                from = at + 1;
            }
        }
        line.write(bytes, from, offset + length - from);
    }

    /** Hand out what has no line end. */
    void end() {
        if (line.size() > 0) {
            emit();
        }
    }

    /** Hand out what has no line end of a stream without frames. */
    void rawEnd() {
        if (line.size() > 0) {
            emitStamped();
        }
    }

    private void emitStamped() {
        byte[] bytes = line.toByteArray();
        line.reset();
        message(bytes, 0, bytes.length);
        emit();
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        int length = text.length();
        boolean carriageReturn = length > 0 && text.charAt(length - 1) == '\r';
        consumer.accept(new LogLine(stream, time, carriageReturn ? text.substring(0, length - 1) : text));
    }

    private static int stampLength(byte[] bytes, int offset, int length) {
        for (int at = 0; at < Math.min(length, LONGEST_STAMP); at++) {
            if (bytes[offset + at] == ' ') {
                return at;
            }
        }
        return 0;
    }

    private static @Nullable Instant instant(byte[] bytes, int offset, int length) {
        return Rfc3339.parse(new String(bytes, offset, length, StandardCharsets.ISO_8859_1), length);
    }
}
