package dev.withstack.core.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A few lines that are kept of a stack between two starts. They are written whole or not at all, as others read them
 * without the stack's lock.
 */
record StateFile(Path path) {

    /** Return the lines; none if nothing was written. */
    List<String> read() throws IOException {
        try {
            return Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    void write(List<String> lines) throws IOException {
        Path draft = path.resolveSibling(path.getFileName() + ".new");
        Files.createDirectories(path.toAbsolutePath().getParent());
        Files.write(draft, lines);
        Files.move(draft, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    void remove() throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public String toString() {
        return "'" + path + "'";
    }
}
