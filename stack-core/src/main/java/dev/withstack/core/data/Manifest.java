package dev.withstack.core.data;

import dev.withstack.core.model.Ordered;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds: of which services, in which files, with their sizes and SHA-256 digests, and how many there are
 * of what. Written as lines of text that a person can read; the last one is the digest of those before it. Immutable.
 *
 * @param stack the name that the stack has on the engine
 * @param environment the environment it was taken of
 * @param taken when it was begun
 */
public record Manifest(String stack, String environment, Instant taken, List<Part> parts) {
    static final String FILE = "manifest";
    private static final String FIRST_LINE = "withstack backup 1";

    public Manifest {
        parts = List.copyOf(parts);
    }

    /**
     * The data of one service.
     *
     * @param kind how it was taken, and so how it is put back: postgres, redis, objects, vectors, volumes
     * @param from what it was taken from: image and lineage
     */
    public record Part(String service, String kind, String from, List<Piece> pieces) {
        public Part {
            pieces = List.copyOf(pieces);
        }

        /** Return how many bytes its files have. */
        public long size() {
            return pieces.stream().mapToLong(Piece::size).sum();
        }

        /** Return the sum of all its counts. */
        public long count() {
            return pieces.stream()
                    .flatMap(piece -> piece.counts().values().stream())
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /**
     * One file.
     *
     * @param file its name, in the backup's directory
     * @param unit what it holds of its service, such as a database
     * @param counts how many there are of what, such as rows of a table
     */
    public record Piece(String file, long size, String digest, String unit, Map<String, Long> counts) {
        public Piece {
            counts = Ordered.copyOf(counts);
        }
    }

    /** Return the part of that service. */
    public java.util.Optional<Part> part(String service) {
        return parts.stream().filter(part -> part.service().equals(service)).findFirst();
    }

    /** Return how many bytes all files have. */
    public long size() {
        return parts.stream().mapToLong(Part::size).sum();
    }

    String text() {
        StringBuilder text = new StringBuilder(FIRST_LINE)
                .append('\n')
                .append(line("stack", stack))
                .append(line("environment", environment))
                .append(line("taken", taken.toString()));
        for (Part part : parts) {
            text.append(line("part", part.kind(), part.service(), part.from()));
            for (Piece piece : part.pieces()) {
                text.append(line("file", piece.digest(), Long.toString(piece.size()), piece.file(), piece.unit()));
                piece.counts().forEach((what, count) -> text.append(line("count", Long.toString(count), what)));
            }
        }
        return text.append(line("whole", Digests.of(text.toString()))).toString();
    }

    /** The last word is free text; a line break in it would be read as another line. */
    private static String line(String... words) {
        return String.join(" ", words).replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D") + "\n";
    }

    /** @throws IOException if it is not what {@link #text()} wrote, saying how that was seen */
    static Manifest read(String text) throws IOException {
        if (!text.startsWith(FIRST_LINE + "\n")) {
            throw new IOException("its manifest does not begin with '" + FIRST_LINE + "'");
        }
        int end = text.lastIndexOf("\nwhole ") + 1;
        if (end == 0 || !text.substring(end).equals(line("whole", Digests.of(text.substring(0, end))))) {
            throw new IOException("its manifest was altered or cut off");
        }
        try {
            return new Reading(text.substring(0, end)).manifest();
        } catch (DateTimeParseException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new IOException("its manifest can't be read: " + e.getMessage(), e);
        }
    }

    /** Puts a manifest together from its lines. */
    private static final class Reading {
        private final Map<String, String> head = new LinkedHashMap<>();
        private final List<Part> parts = new ArrayList<>();

        Reading(String text) {
            text.lines().skip(1).forEach(this::take);
        }

        private void take(String line) {
            int space = line.indexOf(' ');
            String word = line.substring(0, space);
            String rest = line.substring(space + 1);
            switch (word) {
                case "part" -> {
                    String[] words = words(rest, 3);
                    parts.add(new Part(words[1], words[0], words[2], List.of()));
                }
                case "file" -> {
                    String[] words = words(rest, 4);
                    add(new Piece(words[2], Long.parseLong(words[1]), words[0], words[3], Map.of()));
                }
                case "count" -> {
                    String[] words = words(rest, 2);
                    count(words[1], Long.parseLong(words[0]));
                }
                default -> head.put(word, words(rest, 1)[0]);
            }
        }

        private void add(Piece piece) {
            Part part = parts.remove(parts.size() - 1);
            List<Piece> pieces = new ArrayList<>(part.pieces());
            pieces.add(piece);
            parts.add(new Part(part.service(), part.kind(), part.from(), pieces));
        }

        private void count(String what, long number) {
            Part part = parts.remove(parts.size() - 1);
            List<Piece> pieces = new ArrayList<>(part.pieces());
            Piece piece = pieces.remove(pieces.size() - 1);
            Map<String, Long> counts = new LinkedHashMap<>(piece.counts());
            counts.put(what, number);
            pieces.add(new Piece(piece.file(), piece.size(), piece.digest(), piece.unit(), counts));
            parts.add(new Part(part.service(), part.kind(), part.from(), pieces));
        }

        private static String[] words(String rest, int number) {
            String[] words = rest.split(" ", number);
            words[number - 1] =
                    words[number - 1].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
            return words;
        }

        Manifest manifest() {
            return new Manifest(
                    head.getOrDefault("stack", ""),
                    head.getOrDefault("environment", ""),
                    Instant.parse(head.getOrDefault("taken", "")),
                    parts);
        }
    }
}
