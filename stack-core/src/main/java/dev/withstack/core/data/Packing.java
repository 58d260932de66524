package dev.withstack.core.data;

import dev.withstack.core.model.Sizes;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A backup while it is written: a directory under a name that no backup has, which gets its own name when all of it is
 * on the disk. One that was given up is removed; one whose process was killed is removed by the next. Files and directory
 * are for their owner's eyes only. Used by one thread.
 */
final class Packing implements AutoCloseable {
    private static final String PARTIAL = ".partial";
    private static final int BUFFER = 64 * 1024;
    /** After so many bytes progress is told. */
    private static final long STRIDE = 64L << 20;

    private final Path directory;
    private final Path whole;
    private final FileChannel manifest;
    private final Consumer<String> progress;
    private boolean isFinished;

    private Packing(Path directory, Path whole, FileChannel manifest, Consumer<String> progress) {
        this.directory = directory;
        this.whole = whole;
        this.manifest = manifest;
        this.progress = progress;
    }

    /** Writes one file, and tells how many there are of what in it. */
    interface Filling {
        Map<String, Long> into(OutputStream out) throws IOException, InterruptedException;
    }

    /**
     * Begin a backup of that name in the directory, which is made if it is missing. Those that killed processes left half
     * done in it are removed.
     */
    static Packing begin(Path parent, String name, Consumer<String> progress) throws IOException {
        Files.createDirectories(parent);
        removeDead(parent);
        Path whole = unused(parent, name);
        Path directory = parent.resolve("." + whole.getFileName() + PARTIAL);
        Files.createDirectory(directory, only(parent, "rwx------"));
        FileChannel manifest = create(directory, Manifest.FILE);
        if (manifest.tryLock() == null) {
            throw new IOException("'" + directory + "' is being written by another process");
        }
        return new Packing(directory, whole, manifest, progress);
    }

    private static Path unused(Path parent, String name) {
        Path path = parent.resolve(name);
        for (int number = 2; Files.exists(path); number++) {
            path = parent.resolve(name + "-" + number);
        }
        return path;
    }

    private static void removeDead(Path parent) throws IOException {
        List<Path> partial;
        try (Stream<Path> entries = Files.list(parent)) {
            partial = entries.filter(entry -> entry.getFileName().toString().endsWith(PARTIAL))
                    .sorted()
                    .toList();
        }
        for (Path one : partial) {
            if (isDead(one)) {
                remove(one);
            }
        }
    }

    /** Whoever writes a backup holds the lock of its manifest until he is done or dead. */
    private static boolean isDead(Path partial) throws IOException {
        Path manifest = partial.resolve(Manifest.FILE);
        if (!Files.exists(manifest)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(manifest, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Write a file, and return its entry when it is on the disk; of one that fails nothing is left. */
    Manifest.Piece add(String file, String unit, Filling filling) throws IOException, InterruptedException {
        MessageDigest digest = Digests.sha256();
        boolean isWritten = false;
        try (FileChannel channel = create(directory, file)) {
            Tally tally = new Tally(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER), digest, file);
            Map<String, Long> counts = filling.into(tally);
            tally.flush();
            channel.force(true);
            isWritten = true;
            progress.accept(file + ": " + Sizes.text(tally.size));
            return new Manifest.Piece(file, tally.size, Digests.hex(digest.digest()), unit, counts);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            if (!isWritten) {
                Files.deleteIfExists(directory.resolve(file));
            }
        }
    }

    /** Write the manifest and give the backup its name. */
    Path finish(Manifest content) throws IOException {
        ByteBuffer text = ByteBuffer.wrap(content.text().getBytes(StandardCharsets.UTF_8));
        while (text.hasRemaining()) {
            manifest.write(text);
        }
        manifest.force(true);
        Files.move(directory, whole, StandardCopyOption.ATOMIC_MOVE);
        isFinished = true;
        return whole;
    }

    @Override
    public void close() throws IOException {
        manifest.close();
        if (!isFinished) {
            remove(directory);
        }
    }

    /** Remove a backup with all its files. */
    static void remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private static FileChannel create(Path directory, String file) throws IOException {
        return FileChannel.open(
                directory.resolve(file),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                only(directory, "rw-------"));
    }

    /** Where the file system knows permissions. */
    private static FileAttribute<?>[] only(Path directory, String permissions) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return store.supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Counts and digests what goes through. */
    private final class Tally extends FilterOutputStream {
        private final MessageDigest digest;
        private final String file;
        private long size;
        private long told;

        Tally(OutputStream out, MessageDigest digest, String file) {
            super(out);
            this.digest = digest;
            this.file = file;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            digest.update(bytes, offset, length);
            size += length;
            if (size - told >= STRIDE) {
                told = size;
                progress.accept(file + ": " + Sizes.text(size) + " so far");
            }
        }
    }
}
