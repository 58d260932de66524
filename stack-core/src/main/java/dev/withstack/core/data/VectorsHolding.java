package dev.withstack.core.data;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The collections of a Qdrant server, or those that are the stack's own, each as a snapshot that the server makes of it. Of a
 * server that makes none, how each is made, then its points with vectors and payload, page by page, a line for each page.
 * They are put into collections beside those in use, and, when all have arrived, in the place of those.
 *
 * @param prefix of the names of the collections that are meant; what is saved has no prefix, as another environment has another
 */
record VectorsHolding(String service, Qdrant qdrant, String prefix) implements Holding {
    private static final String BESIDE = "withstack-restoring-";
    private static final int POINTS_AT_ONCE = 256;
    private static final String SNAPSHOT = "snapshot";
    private static final String POINTS = "points";

    @Override
    public String kind() {
        return "vectors";
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        for (String name : meant()) {
            Optional<Qdrant.Snapshot> snapshot = qdrant.makeSnapshot(prefix + name);
            if (snapshot.isEmpty()) {
                box.add(POINTS + " " + name, "jsonl", out -> Map.of(POINTS, save(prefix + name, out)));
                continue;
            }
            try (Qdrant.Snapshot made = snapshot.get()) {
                box.add(SNAPSHOT + " " + name, SNAPSHOT, out -> {
                    made.writeTo(out);
                    return Map.of(POINTS, qdrant.count(prefix + name));
                });
            }
        }
    }

    private List<String> meant() throws IOException {
        return qdrant.names().stream()
                .filter(name -> name.startsWith(prefix) && !name.startsWith(prefix + BESIDE))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    private long save(String name, OutputStream out) throws IOException {
        String description = qdrant.describe(name);
        line(out, JsonSlices.field(description, "config", "params"));
        line(out, JsonSlices.fields(description).getOrDefault("payload_schema", "{}"));
        long count = 0;
        String offset = "null";
        do {
            String page = qdrant.change(
                    "POST",
                    name,
                    "/points/scroll",
                    "{\"limit\":" + POINTS_AT_ONCE + ",\"with_payload\":true,\"with_vector\":true"
                            + (offset.equals("null") ? "" : ",\"offset\":" + offset) + "}");
            String points = JsonSlices.field(page, "points");
            count += JsonSlices.elements(points);
            line(out, points);
            offset = JsonSlices.fields(page).getOrDefault("next_page_offset", "null");
        } while (!offset.equals("null"));
        line(out, "end");
        return count;
    }

    /** A line break in JSON stands between its parts only. */
    private static void line(OutputStream out, String json) throws IOException {
        out.write((json.replace('\n', ' ').replace('\r', ' ') + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Replacement prepare(Contents contents) throws IOException, InterruptedException {
        Beside beside = new Beside(contents);
        beside.discard();
        try {
            for (Manifest.Piece piece : contents.part().pieces()) {
                beside.take(piece);
            }
            return beside;
        } catch (IOException | RuntimeException e) {
            try {
                beside.discard();
            } catch (IOException | RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void load(Contents contents, Manifest.Piece piece, String name) throws IOException {
        try (InputStream content = contents.open(piece)) {
            if (kindOf(piece).equals(SNAPSHOT)) {
                recover(content, piece, name);
            } else {
                load(content, name, piece.counts());
            }
        }
    }

    private static String kindOf(Manifest.Piece piece) {
        return piece.unit().split(" ", 2)[0];
    }

    /** How many points there were is known of a moment shortly after the snapshot's: others may have written meanwhile. */
    private void recover(InputStream content, Manifest.Piece piece, String name) throws IOException {
        qdrant.recover(name, content, piece.size(), piece.digest());
        if (qdrant.count(name) == 0 && piece.counts().getOrDefault(POINTS, 0L) > 0) {
            throw new IOException("no points arrived of " + piece.counts().get(POINTS));
        }
    }

    private void load(InputStream content, String name, Map<String, Long> counts) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(content, StandardCharsets.UTF_8));
        qdrant.change("PUT", name, "", next(lines));
        for (Map.Entry<String, String> field : JsonSlices.fields(next(lines)).entrySet()) {
            String type = JsonSlices.fields(field.getValue()).getOrDefault("data_type", "\"keyword\"");
            qdrant.change(
                    "PUT",
                    name,
                    "/index?wait=true",
                    "{\"field_name\":\"" + field.getKey() + "\",\"field_schema\":" + type + "}");
        }
        for (String page = next(lines); !page.equals("end"); page = next(lines)) {
            if (JsonSlices.elements(page) > 0) {
                qdrant.change("PUT", name, "/points?wait=true", "{\"points\":" + page + "}");
            }
        }
        long found = qdrant.count(name);
        if (found != counts.getOrDefault(POINTS, 0L)) {
            throw new IOException("not as many points arrived as were saved: " + found + " of " + counts.get(POINTS));
        }
    }

    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new EOFException("the points end in the middle");
        }
        return line;
    }

    /** The collections that stand beside those in use. A collection can't be given another name. */
    private final class Beside implements Replacement {
        private final Contents contents;
        private final Map<String, Manifest.Piece> byName = new LinkedHashMap<>();

        Beside(Contents contents) {
            this.contents = contents;
        }

        void take(Manifest.Piece piece) throws IOException {
            String[] words = piece.unit().split(" ", 2);
            if (!List.of(SNAPSHOT, POINTS).contains(words[0]) || words.length != 2) {
                throw new IOException("'" + piece.unit() + "' is nothing of a Qdrant server");
            }
            byName.put(words[1], piece);
            load(contents, piece, prefix + BESIDE + byName.size());
        }

        @Override
        public void putInPlace() throws IOException {
            for (String name : meant()) {
                // what is made from a snapshot takes the place of what is there by itself
                boolean isReplaced =
                        byName.containsKey(name) && kindOf(byName.get(name)).equals(SNAPSHOT);
                if (!isReplaced) {
                    qdrant.change("DELETE", prefix + name, "", "");
                }
            }
            for (Map.Entry<String, Manifest.Piece> entry : byName.entrySet()) {
                load(contents, entry.getValue(), prefix + entry.getKey());
            }
            discard();
        }

        @Override
        public void discard() throws IOException {
            qdrant.drop(prefix + BESIDE);
        }
    }
}
