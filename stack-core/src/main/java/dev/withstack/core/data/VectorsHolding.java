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

/**
 * The collections of a Qdrant server, or those that are the stack's own: how each is made, then its points with vectors
 * and payload, page by page, a line for each page. They are put into collections beside those in use, and, when all have
 * arrived, into new ones of the old names.
 *
 * @param prefix of the names of the collections that are meant; what is saved has no prefix, as another environment has another
 */
record VectorsHolding(String service, Qdrant qdrant, String prefix) implements Holding {
    private static final String BESIDE = "withstack-restoring-";
    private static final int POINTS_AT_ONCE = 256;

    @Override
    public String kind() {
        return "vectors";
    }

    @Override
    public void save(Box box) throws IOException, InterruptedException {
        for (String name : meant()) {
            box.add("points " + name, "jsonl", out -> Map.of("points", save(prefix + name, out)));
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
        String found = JsonSlices.field(qdrant.change("POST", name, "/points/count", "{\"exact\":true}"), "count");
        if (!found.equals(String.valueOf(counts.get("points")))) {
            throw new IOException("not as many points arrived as were saved: " + found + " of " + counts.get("points"));
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
            if (!words[0].equals("points") || words.length != 2) {
                throw new IOException("'" + piece.unit() + "' is nothing of a Qdrant server");
            }
            byName.put(words[1], piece);
            try (InputStream content = contents.open(piece)) {
                load(content, prefix + BESIDE + byName.size(), piece.counts());
            }
        }

        @Override
        public void putInPlace() throws IOException {
            for (String name : meant()) {
                qdrant.change("DELETE", prefix + name, "", "");
            }
            for (Map.Entry<String, Manifest.Piece> entry : byName.entrySet()) {
                try (InputStream content = contents.open(entry.getValue())) {
                    load(content, prefix + entry.getKey(), entry.getValue().counts());
                }
            }
            discard();
        }

        @Override
        public void discard() throws IOException {
            qdrant.drop(prefix + BESIDE);
        }
    }
}
