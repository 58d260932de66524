package dev.withstack.core.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * Holds back the rest of what a command is told until it has said a word. One thread may read what it is told, while
 * another writes what it says.
 */
final class Cue {
    private final String word;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final CountDownLatch heard = new CountDownLatch(1);

    Cue(String word) {
        this.word = word;
    }

    /** Return what is to be told then. */
    InputStream rest(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (!isHeard()) {
                    return -1;
                }
                int count = Math.min(length, bytes.length - at);
                System.arraycopy(bytes, at, target, offset, count);
                at += count;
                return count == 0 ? -1 : count;
            }
        };
    }

    private boolean isHeard() throws InterruptedIOException {
        try {
            heard.await();
            return text().contains(word);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        }
    }

    /** Return where what it says is to be written. */
    OutputStream ear() {
        return new OutputStream() {
            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                said.write(bytes, offset, length);
                if (text().contains(word)) {
                    heard.countDown();
                }
            }
        };
    }

    /** Stop waiting: it has ended. */
    void over() {
        heard.countDown();
    }

    /** Return what it has said so far. */
    String text() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
