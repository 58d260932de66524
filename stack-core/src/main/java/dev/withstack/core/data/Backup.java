package dev.withstack.core.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A backup on the disk: a directory with a manifest, and the files that it names. Immutable. */
public record Backup(Path directory, Manifest manifest) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final int BUFFER = 64 * 1024;

    /**
     * Read the manifest of a backup.
     *
     * @throws IOException if there is none, or it was altered
     */
    public static Backup read(Path directory) throws IOException {
        return new Backup(directory, Manifest.read(Files.readString(directory.resolve(Manifest.FILE))));
    }

    /** Return the backups in a directory, the newest first. What is no backup, or none any more, is left out. */
    public static List<Backup> in(Path parent) throws IOException {
        List<Backup> backups = new ArrayList<>();
        for (Path directory : directories(parent)) {
            try {
                backups.add(read(directory));
            } catch (IOException e) {
                // told by those who look for damage: see damagedIn
            }
        }
        backups.sort(Comparator.comparing((Backup backup) -> backup.manifest().taken())
                .thenComparing(Backup::name)
                .reversed());
        return backups;
    }

    /** Return the directories that have a manifest which can't be read. */
    public static List<Path> damagedIn(Path parent) throws IOException {
        List<Path> damaged = new ArrayList<>();
        for (Path directory : directories(parent)) {
            try {
                read(directory);
            } catch (NoSuchFileException e) {
                // it is something else
            } catch (IOException e) {
                damaged.add(directory);
            }
        }
        return damaged;
    }

    private static List<Path> directories(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    public String name() {
        return String.valueOf(directory.getFileName());
    }

    /** Read all of it, and return what is wrong with it; nothing if it is as it was written. */
    public List<String> problems() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Manifest.Part part : manifest.parts()) {
            for (Manifest.Piece piece : part.pieces()) {
                String problem = problem(part, piece);
                if (!problem.isEmpty()) {
                    problems.add(problem);
                }
            }
        }
        return problems;
    }

    private String problem(Manifest.Part part, Manifest.Piece piece) throws IOException {
        String name = piece.file();
        if (!PLAIN.matcher(name).matches()) {
            return "'" + name + "' is no plain name of a file";
        }
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return name + " is missing";
        }
        if (Files.size(file) != piece.size()) {
            return name + " has " + Files.size(file) + " bytes instead of " + piece.size();
        }
        try (InputStream content = open(piece)) {
            if (!Digests.of(content).equals(piece.digest())) {
                return name + " was altered: its SHA-256 is another";
            }
        }
        return part.kind().equals("volumes") ? problemOfArchive(piece) : "";
    }

    private String problemOfArchive(Manifest.Piece piece) throws IOException {
        TarCheck check = new TarCheck(OutputStream.nullOutputStream());
        try (InputStream content = open(piece)) {
            Transfer.all(content, check);
            check.end();
            return "";
        } catch (IOException e) {
            return piece.file() + ": " + e.getMessage();
        }
    }

    InputStream open(Manifest.Piece piece) throws IOException {
        return new BufferedInputStream(Files.newInputStream(directory.resolve(piece.file())), BUFFER);
    }

    /** Remove the directory with all its files. */
    public void remove() throws IOException {
        Packing.remove(directory);
    }
}
