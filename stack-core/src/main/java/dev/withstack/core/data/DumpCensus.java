package dev.withstack.core.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the rows of each table and the large objects in a dump that passes by. */
final class DumpCensus extends FilterOutputStream {
    static final String LARGE_OBJECTS = "large objects";
    private static final byte[] COPY = bytes("COPY ");
    private static final String FROM_STDIN = " FROM stdin;";
    private static final byte[] LARGE_OBJECT = bytes("SELECT pg_catalog.lo_create(");
    private static final String END = "-- PostgreSQL database dump complete";
    /** A line that means something here is a statement with the names of a table's columns. */
    private static final int LONGEST = 256 * 1024;

    private final Map<String, Long> counts = new LinkedHashMap<>();
    private byte[] line = new byte[256];
    private long length;
    private String table = "";
    private boolean isWhole;

    DumpCensus(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        out.write(bytes, offset, count);
        int end = offset + count;
        for (int at = offset; at < end; at++) {
            int from = at;
            while (at < end && bytes[at] != '\n') {
                at++;
            }
            keep(bytes, from, at - from);
            if (at < end) {
                endLine();
                length = 0;
            }
        }
    }

    /** Of a row two bytes are enough. */
    private void keep(byte[] bytes, int from, int count) {
        long room = Math.min(length + count, table.isEmpty() ? LONGEST : 2);
        if (room > line.length) {
            line = Arrays.copyOf(line, (int) Math.max(room, Math.min(LONGEST, 2L * line.length)));
        }
        if (length < room) {
            System.arraycopy(bytes, from, line, (int) length, (int) (room - length));
        }
        length += count;
    }

    private void endLine() {
        if (!table.isEmpty()) {
            if (length == 2 && line[0] == '\\' && line[1] == '.') {
                table = "";
            } else {
                counts.merge(table, 1L, Long::sum);
            }
        } else if (begins(COPY)) {
            String text = text();
            if (text.endsWith(FROM_STDIN)) {
                table = tableOf(text.substring(COPY.length, text.length() - FROM_STDIN.length()));
                counts.putIfAbsent(table, 0L);
            }
        } else if (begins(LARGE_OBJECT)) {
            counts.merge(LARGE_OBJECTS, 1L, Long::sum);
        } else if (length == END.length() && text().equals(END)) {
            isWhole = true;
        }
    }

    private boolean begins(byte[] with) {
        return length >= with.length && Arrays.equals(line, 0, with.length, with, 0, with.length);
    }

    private String text() {
        return new String(line, 0, (int) Math.min(length, line.length), StandardCharsets.UTF_8);
    }

    /** The names of the columns stand behind it, in parentheses that a quoted name may have too. */
    private static String tableOf(String text) {
        boolean isQuoted = false;
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            isQuoted ^= one == '"';
            if (one == ' ' && !isQuoted) {
                return text.substring(0, at);
            }
        }
        return text;
    }

    /** @throws IOException if the dump ended before its last line */
    void checkWhole() throws IOException {
        if (!isWhole) {
            throw new IOException("pg_dump ended in the middle");
        }
    }

    Map<String, Long> counts() {
        return counts;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
