package dev.withstack.core.driver.process;

import dev.withstack.core.driver.Driver.LogLine;
import dev.withstack.core.driver.Driver.LogRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a process has printed, in a file, each line with its moment in front. A file that is full becomes the one before,
 * of which there is one. One writes, any number read. Thread-safe.
 */
final class LogFile {
    private final String service;
    private final Path file;
    private final long longest;

    /** @param longest in bytes, after which a new file is begun */
    LogFile(String service, Path file, long longest) {
        this.service = service;
        this.file = file;
        this.longest = longest;
    }

    synchronized void append(Instant at, String text) {
        byte[] line = (at + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (Files.exists(file) && Files.size(file) + line.length > longest) {
                Files.move(file, before(), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write '" + file + "'.", e);
        }
    }

    private Path before() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** Hand over the lines that are asked for, oldest first, and return what reads on from there. */
    Tail read(LogRequest request, Consumer<LogLine> consumer) {
        List<LogLine> lines = new ArrayList<>();
        new Tail(before()).next(lines::add);
        Tail tail = new Tail(file);
        tail.next(lines::add);
        request.since().ifPresent(since -> lines.removeIf(line -> line.at().isBefore(since)));
        int first = request.tail() < 0 ? 0 : Math.max(0, lines.size() - request.tail());
        lines.subList(first, lines.size()).forEach(consumer);
        return tail;
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(before());
    }

    /** Reads a growing file from where it stopped reading; a file that was begun anew from its beginning. */
    final class Tail {
        private final Path part;
        private long position;
        private @Nullable Object key;

        Tail(Path part) {
            this.part = part;
        }

        /** Hand on the whole lines that have come since. */
        void next(Consumer<LogLine> consumer) {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.READ)) {
                Object now = Files.readAttributes(part, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey();
                boolean isAnother = key != null && now != null && !key.equals(now);
                key = now;
                position = isAnother || channel.size() < position ? 0 : position;
                ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - position));
                while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
                    // to the end
                }
                int whole = bytes.position();
                while (whole > 0 && bytes.get(whole - 1) != '\n') {
                    whole--;
                }
                position += whole;
                new String(bytes.array(), 0, whole, StandardCharsets.UTF_8)
                        .lines()
                        .flatMap(line -> parse(line).stream())
                        .forEach(consumer);
            } catch (NoSuchFileException e) {
                // nothing has been printed yet
            } catch (IOException e) {
                throw new UncheckedIOException("Can't read '" + part + "'.", e);
            }
        }
    }

    private Optional<LogLine> parse(String line) {
        int space = line.indexOf(' ');
        try {
            return Optional.of(new LogLine(
                    service, Instant.parse(line.substring(0, Math.max(0, space))), line.substring(space + 1)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
