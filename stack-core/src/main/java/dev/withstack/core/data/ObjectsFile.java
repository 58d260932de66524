package dev.withstack.core.data;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Objects in one file, one after the other: a line that names it, lines with what is known of it, an empty one, and its
 * content. A tar archive can hold neither every key nor what is known of an object.
 */
final class ObjectsFile {
    private static final String LENGTH = "content-length";
    private static final String END = "end";
    private static final int LONGEST_LINE = 64 * 1024;

    private ObjectsFile() {}

    static void writeBucket(OutputStream out, String bucket) throws IOException {
        line(out, "bucket " + bucket);
        line(out, "");
    }

    /** Write all but the content, which is to follow at once. */
    static void writeObject(OutputStream out, String bucket, String key, long length, Map<String, String> headers)
            throws IOException {
        line(out, "object " + bucket + " " + S3.encodedPath(key));
        line(out, LENGTH + ": " + length);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            line(out, header.getKey() + ": " + header.getValue());
        }
        line(out, "");
    }

    static void writeEnd(OutputStream out) throws IOException {
        line(out, END);
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Takes what is in a file. */
    interface Taker {
        void bucket(String name) throws IOException;

        /** @param at where its content begins, counted from the begin of the file */
        void object(String bucket, String key, Map<String, String> headers, long at, long length) throws IOException;
    }

    /** Read all but the contents. */
    static void read(InputStream file, Taker taker) throws IOException {
        Lines lines = new Lines(file);
        for (String first = lines.next(); !first.equals(END); first = lines.next()) {
            String[] words = first.split(" ", 3);
            Map<String, String> headers = lines.headers();
            if (words[0].equals("bucket") && words.length == 2) {
                taker.bucket(words[1]);
            } else if (words[0].equals("object") && words.length == 3) {
                long length = Long.parseLong(String.valueOf(headers.remove(LENGTH)));
                String key = URLDecoder.decode(words[2], StandardCharsets.UTF_8);
                taker.object(words[1], key, headers, lines.at, length);
                lines.skip(length);
            } else {
                throw new IOException("'" + first + "' is neither a bucket nor an object");
            }
        }
    }

    /** Reads lines, and knows where it is. */
    private static final class Lines {
        private final InputStream file;
        private long at;

        Lines(InputStream file) {
            this.file = file;
        }

        String next() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int one = file.read(); one != '\n'; one = file.read()) {
                if (one < 0 || line.size() > LONGEST_LINE) {
                    throw new EOFException("the objects end in the middle");
                }
                line.write(one);
            }
            at += line.size() + 1;
            return line.toString(StandardCharsets.UTF_8);
        }

        Map<String, String> headers() throws IOException {
            Map<String, String> headers = new LinkedHashMap<>();
            for (String line = next(); !line.isEmpty(); line = next()) {
                int colon = line.indexOf(": ");
                if (colon < 0) {
                    throw new IOException("'" + line + "' says nothing of an object");
                }
                headers.put(line.substring(0, colon), line.substring(colon + 2));
            }
            return headers;
        }

        void skip(long length) throws IOException {
            file.skipNBytes(length);
            at += length;
        }
    }

    /** Return the content of an object; the file is read from there on, and closed with it. */
    static InputStream content(InputStream file, long at, long length) throws IOException {
        file.skipNBytes(at);
        return new Limited(file, length);
    }

    /** Ends after so many bytes. */
    private static final class Limited extends InputStream {
        private final InputStream source;
        private long left;

        Limited(InputStream source, long left) {
            this.source = source;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = source.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the objects end in the middle");
            }
            left -= count;
            return count;
        }

        @Override
        public void close() throws IOException {
            source.close();
        }
    }
}
