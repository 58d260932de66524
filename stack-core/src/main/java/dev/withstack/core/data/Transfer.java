package dev.withstack.core.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Hands on what comes from one stream to another, in pieces that are worth a call. */
final class Transfer {
    static final int PIECE = 256 * 1024;

    private Transfer() {}

    /** Return how many bytes there were until the end. Neither stream is closed. */
    static long all(InputStream from, OutputStream to) throws IOException {
        byte[] piece = new byte[PIECE];
        long all = 0;
        for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
            to.write(piece, 0, count);
            all += count;
        }
        return all;
    }
}
