package dev.withstack.core.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Keeps two launchers, or a launcher and a test, from changing the same stack at once. The lock is the operating
 * system's on a file, so it goes with its process however that ends; who holds it stands in a file beside it.
 */
final class StackLock implements AutoCloseable {
    /** File locks are held by the whole process, so its threads need a lock of their own: one for each file. */
    private static final Map<Path, Semaphore> WITHIN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Semaphore permit;
    private final FileChannel channel;
    private final Path holderFile;
    private final AtomicBoolean isReleased = new AtomicBoolean();

    private StackLock(Semaphore permit, FileChannel channel, Path holderFile) {
        this.permit = permit;
        this.channel = channel;
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
        Path file = directory.resolve(name + ".lock").toAbsolutePath().normalize();
        Path holderFile = directory.resolve(name + ".holder");
        Semaphore permit = WITHIN_THIS_PROCESS.computeIfAbsent(file, unused -> new Semaphore(1));
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted before '" + file + "' was asked for.");
        }
        if (!permit.tryAcquire()) {
            whenHeld.accept(readHolder(holderFile));
            permit.acquire();
        }
        try {
            Files.createDirectories(directory);
            FileChannel channel = lockFile(file, holderFile, holder, whenHeld);
            return new StackLock(permit, channel, holderFile);
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
            permit.release();
            // clears the flag, as whoever throws this exception does
            Thread.interrupted();
            throw new InterruptedException("Interrupted while waiting for '" + file + "'.");
        } catch (IOException e) {
            permit.release();
            throw new UncheckedIOException(
                    "Can't lock the stack with a file in '" + directory + "'. Is the directory writable?", e);
        } catch (RuntimeException | Error e) {
            permit.release();
            throw e;
        }
    }

    /** Remove the files of a lock that nobody will take again. */
    static void forget(Path directory, String name) {
        Path file = directory.resolve(name + ".lock").toAbsolutePath().normalize();
        try {
            Files.deleteIfExists(file);
            WITHIN_THIS_PROCESS.remove(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + file + "'.", e);
        }
    }

    private static FileChannel lockFile(Path file, Path holderFile, String holder, Consumer<String> whenHeld)
            throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                whenHeld.accept(readHolder(holderFile));
                channel.lock();
            }
            Files.writeString(holderFile, holder, StandardCharsets.UTF_8);
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
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
        if (isReleased.getAndSet(true)) {
            return;
        }
        try {
            try (FileChannel locked = channel) {
                Files.deleteIfExists(holderFile);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't release the stack's lock '" + holderFile + "'.", e);
        } finally {
            permit.release();
        }
    }
}
