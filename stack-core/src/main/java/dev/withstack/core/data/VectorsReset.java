package dev.withstack.core.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the collections of a Qdrant server back: one that differs is made again, with its indexes and points. Only those
 * are looked at whose names begin with a prefix.
 */
final class VectorsReset implements DataReset {
    private static final int POINTS_AT_ONCE = 1000;

    private final Server server;
    private final String prefix;
    private final Map<String, Collection> collections = new LinkedHashMap<>();

    VectorsReset(Server server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /** Where the server is at the moment. */
    interface Server {
        Qdrant now() throws IOException;
    }

    /**
     * A collection, in the server's own words.
     *
     * @param indexes the type of each field that is indexed
     * @param pages of points
     */
    private record Collection(String parameters, Map<String, String> indexes, List<String> pages) {}

    @Override
    public void remember() throws IOException {
        Qdrant qdrant = server.now();
        collections.clear();
        for (String name : names(qdrant)) {
            collections.put(name, read(qdrant, name));
        }
    }

    @Override
    public void reset() throws IOException {
        Qdrant qdrant = server.now();
        List<String> now = names(qdrant);
        for (String name : now) {
            Collection was = collections.get(name);
            if (was == null || !was.equals(read(qdrant, name))) {
                String unused = qdrant.change("DELETE", name, "", "");
                if (was != null) {
                    make(qdrant, name, was);
                }
            }
        }
        for (Map.Entry<String, Collection> collection : collections.entrySet()) {
            if (!now.contains(collection.getKey())) {
                make(qdrant, collection.getKey(), collection.getValue());
            }
        }
    }

    private List<String> names(Qdrant qdrant) throws IOException {
        return qdrant.names().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    /** Make a collection under another name as one is now. */
    static void copy(Qdrant qdrant, String name, String other) throws IOException {
        make(qdrant, other, read(qdrant, name));
    }

    private static Collection read(Qdrant qdrant, String name) throws IOException {
        String description = qdrant.describe(name);
        Map<String, String> indexes = new LinkedHashMap<>();
        String schema = JsonSlices.fields(description).getOrDefault("payload_schema", "{}");
        for (Map.Entry<String, String> field : JsonSlices.fields(schema).entrySet()) {
            indexes.put(field.getKey(), JsonSlices.fields(field.getValue()).getOrDefault("data_type", "\"keyword\""));
        }
        return new Collection(JsonSlices.field(description, "config", "params"), indexes, points(qdrant, name));
    }

    private static List<String> points(Qdrant qdrant, String name) throws IOException {
        List<String> pages = new ArrayList<>();
        String offset = "null";
        do {
            String page = qdrant.change(
                    "POST",
                    name,
                    "/points/scroll",
                    "{\"limit\":" + POINTS_AT_ONCE + ",\"with_payload\":true,\"with_vector\":true"
                            + (offset.equals("null") ? "" : ",\"offset\":" + offset) + "}");
            pages.add(JsonSlices.field(page, "points"));
            offset = JsonSlices.fields(page).getOrDefault("next_page_offset", "null");
        } while (!offset.equals("null"));
        return pages;
    }

    private static void make(Qdrant qdrant, String name, Collection was) throws IOException {
        String unused = qdrant.change("PUT", name, "", was.parameters());
        for (Map.Entry<String, String> field : was.indexes().entrySet()) {
            unused = qdrant.change(
                    "PUT",
                    name,
                    "/index?wait=true",
                    "{\"field_name\":\"" + field.getKey() + "\",\"field_schema\":" + field.getValue() + "}");
        }
        for (String page : was.pages()) {
            if (JsonSlices.elements(page) > 0) {
                unused = qdrant.change("PUT", name, "/points?wait=true", "{\"points\":" + page + "}");
            }
        }
    }
}
