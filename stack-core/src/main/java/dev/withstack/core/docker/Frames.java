package dev.withstack.core.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Take apart a stream in which standard output and standard error are interleaved in frames. */
final class Frames {

    /** Take a piece of one stream; the bytes are valid during the call only. */
    interface Sink {
        void take(LogLine.Stream stream, byte[] bytes, int offset, int length) throws IOException;
    }

    private static final int HEADER = 8;
    private static final int STDERR = 2;

    private Frames() {}

    /** Hand every frame to the sink, whole, until the stream ends. */
    static void readAll(InputStream source, Sink sink) throws IOException {
        byte[] header = new byte[HEADER];
        byte[] content = new byte[16 * 1024];
        while (true) {
            int got = source.readNBytes(header, 0, HEADER);
            if (got == 0) {
                return;
            }
            int length = got < HEADER ? -1 : length(header);
            if (length < 0) {
                throw new EOFException("the stream ended in the middle of a frame");
            }
            if (length > content.length) {
                content = new byte[length];
            }
            if (source.readNBytes(content, 0, length) < length) {
                throw new EOFException("the stream ended in the middle of a frame");
            }
            sink.take(header[0] == STDERR ? LogLine.Stream.STDERR : LogLine.Stream.STDOUT, content, 0, length);
        }
    }

    private static int length(byte[] header) {
        return (header[4] & 0xff) << 24 | (header[5] & 0xff) << 16 | (header[6] & 0xff) << 8 | (header[7] & 0xff);
    }

    /** Hand on what comes as standard output, as it comes: a terminal has one stream and no frames. */
    static void readRaw(InputStream source, Sink sink) throws IOException {
        byte[] content = new byte[16 * 1024];
        for (int count = source.read(content); count >= 0; count = source.read(content)) {
            sink.take(LogLine.Stream.STDOUT, content, 0, count);
        }
    }
}
