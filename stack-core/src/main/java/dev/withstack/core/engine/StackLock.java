package dev.withstack.core.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two launchers, or a launcher and a test, from changing the same stack at once. The lock is the operating
 * system's on a file, so it goes with its process however that ends; who holds it stands in a file beside it.
 */
final class StackLock implements AutoCloseable {
    private static final long PAUSE_MILLIS = 50;

    private final FileChannel channel;
    private final FileLock lock;
    private final Path holderFile;

    private StackLock(FileChannel channel, FileLock lock, Path holderFile) {
        this.channel = channel;
        this.lock = lock;
        this.holderFile = holderFile;
    }

    /**
     * Take the lock, waiting for whoever holds it.
     *
     * @param holder what others are told while they wait, such as {@code pid 4711}
     * @param whenHeld is told once who holds it
     */
    static StackLock take(Path directory, String name, String holder, Consumer<String> whenHeld)
            throws InterruptedException {
        Path holderFile = directory.resolve(name + ".holder");
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                whenHeld.accept(readHolder(holderFile));
            }
            while (lock == null) {
                Thread.sleep(PAUSE_MILLIS);
                lock = tryLock(channel);
            }
            Files.write(holderFile, holder.getBytes(StandardCharsets.UTF_8));
            return new StackLock(channel, lock, holderFile);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't lock the stack with a file in '" + directory + "'. Is the directory writable?", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // another thread of this very process holds it
            return null;
        }
    }

    private static String readHolder(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "another launcher";
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(holderFile);
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't release the stack's lock '" + holderFile + "'.", e);
        }
    }
}
