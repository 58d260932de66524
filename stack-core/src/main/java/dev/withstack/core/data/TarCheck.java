package dev.withstack.core.data;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the headers of a tar archive that passes by: counts its files, and refuses names that lead out of it. */
final class TarCheck extends FilterOutputStream {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int MAGIC_AT = 257;
    private static final int PREFIX_AT = 345;
    private static final int PREFIX_LENGTH = 155;
    private static final int LONGEST_NAME = 64 * 1024;
    private static final String LONG_NAMES = "LK";
    private static final String EXTENDED = "xg";

    private final byte[] header = new byte[BLOCK];
    private int inHeader;
    /** How much content is still to come, its padding with it. */
    private long left;

    private byte[] kept = new byte[0];
    private int inKept;
    private char keptType;
    private boolean isEnded;
    private long files;

    TarCheck(OutputStream out) {
        super(out);
    }

    /** Return how many regular files went by. */
    long files() {
        return files;
    }

    /** @throws EOFException if the archive ended in the middle */
    void end() throws EOFException {
        if (!isEnded) {
            throw new EOFException("the archive ends in the middle");
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        while (at < offset + length && !isEnded) {
            int count = (int) Math.min(offset + length - at, left > 0 ? left : BLOCK - inHeader);
            if (left > 0) {
                keep(bytes, at, count);
                left -= count;
            } else {
                System.arraycopy(bytes, at, header, inHeader, count);
                inHeader += count;
                if (inHeader == BLOCK) {
                    inHeader = 0;
                    begin();
                }
            }
            at += count;
            if (left == 0 && kept.length > 0) {
                checkKept();
            }
        }
        out.write(bytes, offset, length);
    }

    private void keep(byte[] bytes, int offset, int count) {
        int room = Math.min(count, kept.length - inKept);
        System.arraycopy(bytes, offset, kept, inKept, room);
        inKept += room;
    }

    private void begin() throws IOException {
        if (isZero()) {
            isEnded = true;
            return;
        }
        char type = (char) header[156];
        long size = number();
        left = size + (BLOCK - size % BLOCK) % BLOCK;
        if (LONG_NAMES.indexOf(type) >= 0 || EXTENDED.indexOf(type) >= 0) {
            if (size > LONGEST_NAME) {
                throw new IOException("a name in the archive has " + size + " bytes");
            }
            kept = new byte[(int) size];
            inKept = 0;
            keptType = type;
            return;
        }
        String prefix = header[MAGIC_AT] == 'u' ? text(header, PREFIX_AT, PREFIX_LENGTH) : "";
        String name = text(header, 0, NAME_LENGTH);
        check(prefix.isEmpty() ? name : prefix + "/" + name);
        if (type == '0' || type == 0) {
            files++;
        } else if (type == '1') {
            check(text(header, 157, NAME_LENGTH));
        }
    }

    private void checkKept() throws IOException {
        if (LONG_NAMES.indexOf(keptType) >= 0) {
            // where a symbolic link leads is the reader's affair, and not followed here
            if (keptType == 'L') {
                check(text(kept, 0, kept.length));
            }
        } else {
            for (String name : pathsOf(new String(kept, StandardCharsets.UTF_8))) {
                check(name);
            }
        }
        kept = new byte[0];
    }

    /** Entries are {@code length key=value}. */
    private static List<String> pathsOf(String extended) {
        List<String> paths = new ArrayList<>();
        for (String entry : extended.split("\n")) {
            int key = entry.indexOf(" path=");
            if (key >= 0) {
                paths.add(entry.substring(key + 6));
            }
        }
        return paths;
    }

    private static void check(String name) throws IOException {
        if (name.startsWith("/") || List.of(name.split("/")).contains("..")) {
            throw new IOException("'" + name + "' in the archive leads out of it");
        }
    }

    private boolean isZero() {
        for (byte one : header) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    private long number() {
        long value = 0;
        if ((header[124] & 0x80) != 0) {
            for (int at = 125; at < 136; at++) {
                value = value << 8 | (header[at] & 0xff);
            }
            return value;
        }
        for (int at = 124; at < 136; at++) {
            if (header[at] >= '0' && header[at] <= '7') {
                value = value << 3 | (header[at] - '0');
            }
        }
        return value;
    }

    private static String text(byte[] bytes, int offset, int length) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }
}
