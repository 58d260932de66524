package dev.withstack.core;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file that stands for a test stack which may outlive the JVM that started it. Whoever uses the stack holds the file's
 * lock, which goes with the process; what stands in it is from its last user. The file stays when the stack is gone, as
 * somebody may wait for its lock.
 */
final class KeptRun implements AutoCloseable {
    private static final String SUFFIX = ".kept";

    private final StackId id;
    private final FileChannel file;

    private KeptRun(StackId id, FileChannel file) {
        this.id = id;
        this.file = file;
    }

    /**
     * What is known of a stack.
     *
     * @param begun when it was started
     * @param used when its last user left it
     * @param idle how long it stays after that
     * @param order how it was left
     */
    record State(Instant begun, Instant used, Duration idle, Order order) {
        boolean isOver(Instant now) {
            return used.plus(idle).isBefore(now);
        }
    }

    /** How a stack was left. */
    enum Order {
        /** As it was after its start. */
        CLEAN,
        /** Somebody uses it, or did not come to the end of that. */
        IN_USE
    }

    /** Take the first stack of these numbers that nobody uses at the moment, whether or not it is there. */
    static KeptRun take(Path directory, StackId like, String key) {
        for (int number = 1; ; number++) {
            Optional<KeptRun> free = taken(directory, like.kept(key + "-" + number));
            if (free.isPresent()) {
                return free.get();
            }
        }
    }

    private static Optional<KeptRun> taken(Path directory, StackId id) {
        try {
            Files.createDirectories(directory);
            Path path = directory.resolve(nameOf(id));
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (isLocked(file)) {
                return Optional.of(new KeptRun(id, file));
            }
            file.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("What is known of kept stacks can't be read or written.", e);
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // this JVM has it
            return false;
        }
    }

    private static String nameOf(StackId id) {
        return id.stack() + "!" + id.run() + SUFFIX;
    }

    /** Take all stacks that nobody uses at the moment and that have not been forgotten. */
    static List<KeptRun> unused(Path directory) {
        List<KeptRun> all = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return all;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString();
                String[] parts =
                        name.substring(0, name.length() - SUFFIX.length()).split("!", 2);
                if (parts.length == 2 && Files.size(file) > 0) {
                    taken(directory, new StackId(parts[0], Environment.TEST, parts[1]))
                            .ifPresent(all::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("What is known of kept stacks can't be read.", e);
        }
        return all;
    }

    StackId id() {
        return id;
    }

    /** Return what the last user wrote; empty if there is no stack. */
    Optional<State> state() {
        Map<String, String> values = new LinkedHashMap<>();
        try {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            int unused = file.read(content, 0);
            new String(content.array(), StandardCharsets.UTF_8).lines().forEach(line -> {
                int equals = line.indexOf('=');
                values.put(line.substring(0, Math.max(0, equals)), line.substring(equals + 1));
            });
            return values.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new State(
                            Instant.parse(values.getOrDefault("begun", "")),
                            Instant.parse(values.getOrDefault("used", "")),
                            Duration.parse(values.getOrDefault("idle", "")),
                            Order.valueOf(values.getOrDefault("order", ""))));
        } catch (IOException e) {
            throw new UncheckedIOException("What is known of " + id + " can't be read.", e);
        } catch (DateTimeException | IllegalArgumentException e) {
            // half written: nobody knows what it is like
            return Optional.of(new State(Instant.EPOCH, Instant.EPOCH, Duration.ZERO, Order.IN_USE));
        }
    }

    void write(State state) {
        write("begun=" + state.begun() + "\nused=" + state.used() + "\nidle=" + state.idle() + "\norder="
                + state.order() + "\n");
    }

    /** There is no such stack any more. */
    void forget() {
        write("");
    }

    private void write(String content) {
        try {
            FileChannel unused = file.truncate(0);
            int unusedCount = file.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("What is known of " + id + " can't be written.", e);
        }
    }

    /** Let others have it. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The lock on " + id + " can't be given back.", e);
        }
    }
}
