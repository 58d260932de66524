package dev.withstack.core.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Write and read as much of the tar format as copying files takes. */
final class Tar {

    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final byte REGULAR = '0';
    private static final byte SYMLINK = '2';
    private static final byte LONG_NAME = 'L';
    private static final byte LONG_LINK = 'K';
    private static final byte EXTENDED = 'x';
    private static final byte GLOBAL = 'g';

    private Tar() {}

    /** A file, or a symbolic link with its target. */
    record Entry(byte[] content, String linkTarget) {}

    static byte[] archive(List<ContainerFile> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ContainerFile file : files) {
            byte[] name = file.path().getBytes(StandardCharsets.UTF_8);
            if (name.length > NAME_LENGTH) {
                byte[] whole = new byte[name.length + 1];
                System.arraycopy(name, 0, whole, 0, name.length);
                write(out, "././@LongLink".getBytes(StandardCharsets.US_ASCII), LONG_NAME, 0644, 0, 0, whole);
            }
            write(out, name, REGULAR, file.mode(), file.uid(), file.gid(), file.content());
        }
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    /** Return an archive of one symbolic link; both texts are of no more than 100 bytes. */
    static byte[] link(String name, String target) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] header = header(name.getBytes(StandardCharsets.UTF_8), SYMLINK, 0777, 0, 0, 0);
        byte[] to = target.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(to, 0, header, 157, to.length);
        out.writeBytes(summed(header));
        out.writeBytes(new byte[2 * BLOCK]);
        return out.toByteArray();
    }

    private static void write(
            ByteArrayOutputStream out, byte[] name, byte type, int mode, int uid, int gid, byte[] content) {
        out.writeBytes(summed(header(name, type, mode, uid, gid, content.length)));
        out.writeBytes(content);
        out.writeBytes(new byte[padding(content.length)]);
    }

    private static byte[] header(byte[] name, byte type, int mode, int uid, int gid, int size) {
        byte[] header = new byte[BLOCK];
        System.arraycopy(name, 0, header, 0, Math.min(name.length, NAME_LENGTH));
        octal(header, 100, 8, mode);
        octal(header, 108, 8, uid);
        octal(header, 116, 8, gid);
        octal(header, 124, 12, size);
        octal(header, 136, 12, 0);
        header[156] = type;
        byte[] magic = "ustar  ".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, header, 257, magic.length);
        return header;
    }

    /** Write the header's own sum into it. */
    private static byte[] summed(byte[] header) {
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte one : header) {
            sum += one & 0xff;
        }
        octal(header, 148, 7, sum);
        return header;
    }

    private static void octal(byte[] header, int offset, int length, long value) {
        long rest = value;
        for (int at = offset + length - 2; at >= offset; at--) {
            header[at] = (byte) ('0' + (rest & 7));
            rest >>= 3;
        }
        header[offset + length - 1] = 0;
    }

    /** Read the first file or link of an archive; the rest is left unread. */
    static Entry first(InputStream source, String path, int limit) throws IOException {
        byte[] longLink = new byte[0];
        while (true) {
            byte[] header = source.readNBytes(BLOCK);
            if (header.length < BLOCK) {
                throw new EOFException("the archive ended in the middle of a header");
            }
            long size = number(header, 124, 12);
            byte type = header[156];
            if (type == LONG_NAME || type == EXTENDED || type == GLOBAL) {
                source.skipNBytes(size + padding(size));
            } else if (type == LONG_LINK) {
                longLink = content(source, size);
            } else if (type == SYMLINK) {
                return new Entry(
                        new byte[0],
                        longLink.length > 0 ? text(longLink, 0, longLink.length) : text(header, 157, NAME_LENGTH));
            } else if (type == REGULAR || type == 0) {
                if (size > limit) {
                    throw new IllegalArgumentException(
                            "'" + path + "' has " + size + " bytes; at most " + limit + " are read");
                }
                return new Entry(content(source, size), "");
            } else {
                throw new IllegalArgumentException("'" + path + "' is not a file");
            }
        }
    }

    private static byte[] content(InputStream source, long size) throws IOException {
        byte[] content = source.readNBytes((int) size);
        if (content.length < size) {
            throw new EOFException("the archive ended in the middle of a file");
        }
        source.skipNBytes(padding(size));
        return content;
    }

    private static long number(byte[] header, int offset, int length) {
        long value = 0;
        if ((header[offset] & 0x80) != 0) {
            for (int at = offset + 1; at < offset + length; at++) {
                value = value << 8 | (header[at] & 0xff);
            }
            return value;
        }
        for (int at = offset; at < offset + length; at++) {
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

    private static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }
}
