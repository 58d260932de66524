package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.withstack.core.model.HostAndPort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocol of Qdrant's snapshots, as its OpenAPI description has it, and what is done where a server has none. */
class VectorsHoldingTests {
    private static final String CONTENT = "tar\0\r\n--content";
    private static final String DIGEST = Digests.of(CONTENT);
    private static final String COUNT = "{\"result\":{\"count\":2}}";

    private final Map<String, String> answers = new LinkedHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<Manifest.Piece> pieces = new ArrayList<>();

    private HttpServer server;
    private VectorsHolding holding;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        Qdrant qdrant =
                new Qdrant(new HostAndPort("127.0.0.1", server.getAddress().getPort()));
        holding = new VectorsHolding("vectors", qdrant, "dev_");
        answers.put("GET /collections", "{\"result\":{\"collections\":[{\"name\":\"dev_a b\"},{\"name\":\"other\"}]}}");
        answers.put("GET /cluster", "{\"result\":{\"status\":\"disabled\"}}");
        answers.put(
                "POST /collections/dev_a%20b/snapshots?wait=true",
                "{\"result\":{\"name\":\"a.snapshot\",\"size\":" + CONTENT.length() + "}}");
        answers.put("GET /collections/dev_a%20b/snapshots/a.snapshot", CONTENT);
        answers.put("POST /collections/dev_a%20b/points/count", COUNT);
        answers.put("DELETE /collections/dev_a%20b/snapshots/a.snapshot?wait=true", "{\"result\":true}");
    }

    @AfterEach
    void leave() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String what = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(what);
        bodies.put(what, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        byte[] answer = answers.getOrDefault(what, "").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private void save() throws Exception {
        holding.save((unit, extension, filling) -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Map<String, Long> counts = filling.into(out);
            byte[] content = out.toByteArray();
            String file = unit + "." + extension;
            files.put(file, content);
            pieces.add(new Manifest.Piece(
                    file, content.length, Digests.of(out.toString(StandardCharsets.UTF_8)), unit, counts));
        });
    }

    private Holding.Contents saved(Manifest.Piece piece) {
        return new Holding.Contents() {
            @Override
            public Manifest.Part part() {
                return new Manifest.Part("vectors", "vectors", "", List.of(piece));
            }

            @Override
            public InputStream open(Manifest.Piece one) {
                return new ByteArrayInputStream(CONTENT.getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    private static Manifest.Piece snapshot(String name) {
        return new Manifest.Piece("f", CONTENT.length(), DIGEST, "snapshot " + name, Map.of("points", 2L));
    }

    @Test
    void saveWhenTheServerMakesSnapshotsKeepsThemAndLeavesNoneThere() throws Exception {
        save();

        assertThat(pieces)
                .containsExactly(new Manifest.Piece(
                        "snapshot a b.snapshot", CONTENT.length(), DIGEST, "snapshot a b", Map.of("points", 2L)));
        assertThat(files.get("snapshot a b.snapshot")).asString().isEqualTo(CONTENT);
        assertThat(asked).endsWith("DELETE /collections/dev_a%20b/snapshots/a.snapshot?wait=true");
    }

    @Test
    void saveWhenASnapshotIsCutOffSaysSoAndLeavesNoneThere() {
        answers.put("GET /collections/dev_a%20b/snapshots/a.snapshot", "tar");

        assertThatThrownBy(this::save).hasMessageEndingWith("ended after 3 of " + CONTENT.length() + " bytes");

        assertThat(asked).endsWith("DELETE /collections/dev_a%20b/snapshots/a.snapshot?wait=true");
    }

    @Test
    void saveWhenTheServerKnowsNoSnapshotsOrHasAPartOnlyKeepsThePoints() throws Exception {
        answers.put(
                "GET /collections/dev_a%20b",
                "{\"result\":{\"config\":{\"params\":{\"vectors\":{\"size\":2}}},\"payload_schema\":{}}}");
        answers.put("POST /collections/dev_a%20b/points/scroll", "{\"result\":{\"points\":[{\"id\":1}]}}");
        String made = answers.remove("POST /collections/dev_a%20b/snapshots?wait=true");

        save();
        answers.put("POST /collections/dev_a%20b/snapshots?wait=true", String.valueOf(made));
        answers.put("GET /cluster", "{\"result\":{\"peers\":{\"1\":{\"uri\":\"a\"},\"2\":{\"uri\":\"b\"}}}}");
        save();

        assertThat(pieces).extracting(Manifest.Piece::unit).containsExactly("points a b", "points a b");
        assertThat(files.get("points a b.jsonl"))
                .asString()
                .isEqualTo("{\"vectors\":{\"size\":2}}\n{}\n[{\"id\":1}]\nend\n");
    }

    @Test
    void prepareThenPutInPlaceWhenItIsASnapshotUploadsItBesideAndThenInPlace() throws Exception {
        String query = "/snapshots/upload?wait=true&priority=snapshot&checksum=" + DIGEST;
        String beside = "POST /collections/dev_withstack-restoring-1" + query;
        answers.put(beside, "{\"result\":true}");
        answers.put("POST /collections/dev_withstack-restoring-1/points/count", COUNT);
        answers.put("POST /collections/dev_new" + query, "{\"result\":true}");
        answers.put("POST /collections/dev_new/points/count", COUNT);
        answers.put("DELETE /collections/dev_a%20b", "{\"result\":true}");

        Holding.Replacement replacement = holding.prepare(saved(snapshot("new")));
        assertThat(asked)
                .containsExactly(
                        "GET /collections", beside, "POST /collections/dev_withstack-restoring-1/points/count");
        assertThat(bodies.get(beside))
                .matches("(?s)--(\\S+)\r\nContent-Disposition: form-data; name=\"snapshot\"; filename=\"snapshot\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\ntar\0\r\n--content\r\n--\\1--\r\n");
        replacement.putInPlace();

        assertThat(asked)
                .contains("POST /collections/dev_new" + query, "DELETE /collections/dev_a%20b")
                .doesNotContain("DELETE /collections/dev_new", "DELETE /collections/other");
    }

    @Test
    void prepareWhenTheServerRefusesTheSnapshotOrNothingArrivesSaysSo() {
        assertThatThrownBy(() -> holding.prepare(saved(snapshot("new"))))
                .hasMessageContaining("/snapshots/upload was answered with 404");

        answers.put(
                "POST /collections/dev_withstack-restoring-1/snapshots/upload?wait=true&priority=snapshot&checksum="
                        + DIGEST,
                "{\"result\":true}");
        answers.put("POST /collections/dev_withstack-restoring-1/points/count", "{\"result\":{\"count\":0}}");
        assertThatThrownBy(() -> holding.prepare(saved(snapshot("new")))).hasMessage("no points arrived of 2");
    }
}
