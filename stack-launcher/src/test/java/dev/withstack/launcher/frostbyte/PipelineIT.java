package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The pipeline API of a running Frostbyte: what its users do with it. */
class PipelineIT {
    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @Test
    @Row("frostbyte.pipeline-api")
    void apiWhenItsServersAnswerIsHealthy() throws Exception {
        var health = stack.api().get("/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(JSON.std.mapFrom(Api.text(health))).containsOnly(Map.entry("status", "healthy"));
    }

    @Test
    @Row("common.built-from-project")
    @Row("frostbyte.pipeline-api")
    void apiWhenStartedIsBuiltFromTheProjectsSource() throws Exception {
        Path source = Launcher.samples().resolve("frostbyte").resolve("pipeline/pipeline/main.py");

        String inside = Docker.run("exec", stack.container("pipeline-api"), "cat", "/app/pipeline/main.py");

        assertThat(inside).isEqualTo(Files.readString(source).strip());
    }

    @Test
    @Row("frostbyte.variables")
    void variablesWhenNothingIsSetReachTheApplicationsWithTheDocumentsValues() {
        assertThat(Docker.inspect(stack.container("pipeline-api")).environment())
                .containsEntry("FROSTBYTE_AUTH_BYPASS", "true")
                .containsEntry("FROSTBYTE_ADMIN_API_KEY", "dev-key-change-in-production")
                .containsEntry("JWT_SECRET", "dev-secret-min-32-characters")
                .containsEntry("POSTGRES_URL", "postgresql+asyncpg://frostbyte:frostbyte@postgres:5432/frostbyte")
                .containsEntry("REDIS_URL", "redis://redis:6379/0")
                .containsEntry("MINIO_ENDPOINT", "http://minio:9000");
        assertThat(Docker.inspect(stack.container("admin-dashboard")).environment())
                .containsEntry("PIPELINE_API_URL", "http://pipeline-api:8000");
    }

    @Test
    @Row("frostbyte.search")
    void searchWhenSeveralDocumentsAreInRanksTheRightOneFirst() throws Exception {
        Api api = stack.api();
        api.post("glacier.md", "# Glaciers\n\nA glacier is a river of ice that moves under its own weight.");
        api.post("espresso.md", "# Espresso\n\nHot water is pressed through finely ground coffee in thirty seconds.");
        api.post("violin.md", "# Violins\n\nFour strings, a bow of horse hair, and a body of spruce and maple.");
        api.post("harbour.md", "# Harbours\n\nShips lie at the quay while cranes lift containers from their decks.");

        assertThat(first(api.search("the ice of a river of glaciers"))).isEqualTo("glacier.md");
        assertThat(first(api.search("ground coffee and hot water"))).isEqualTo("espresso.md");
        assertThat(first(api.search("a bow and four strings"))).isEqualTo("violin.md");
        Map<String, Double> ranked = api.search("cranes lift containers from ships at the quay");
        assertThat(first(ranked)).isEqualTo("harbour.md");
        assertThat(List.copyOf(ranked.values())).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(ranked.get("harbour.md")).isGreaterThan(2 * ranked.get("violin.md"));
    }

    @Test
    @Row("frostbyte.search")
    void documentWhenPostedHasItsBytesInMinioItsTextInPostgresAndItsVectorInQdrant() throws Exception {
        String text = "# Nordlicht\n\nÜber dem Eis: grün, violett, lautlos. 極光\n";
        String id = String.valueOf(stack.api().post("nordlicht.md", text).get("id"));

        assertThat(stack.api().get("/api/v1/documents/" + id + "/file").body())
                .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        try (S3Client s3 = stack.servers().s3()) {
            String key = s3.listObjectsV2Paginator(request -> request.bucket("documents")).contents().stream()
                    .map(S3Object::key)
                    .filter(each -> each.contains(id))
                    .findFirst()
                    .orElseThrow();
            assertThat(s3.getObjectAsBytes(
                                    request -> request.bucket("documents").key(key))
                            .asByteArray())
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(stack.servers().sql("SELECT text FROM documents WHERE id = '" + id + "'"))
                .contains("lautlos");
        assertThat(stack.servers()
                        .qdrant("POST", "/collections/documents/points", "{\"ids\": [\"" + id + "\"]}")
                        .toString())
                .contains(id);
    }

    @Test
    @Row("frostbyte.pipeline-api")
    void streamWhenOpenedSaysHowTheSystemIsAndThenEveryStage() throws Exception {
        try (EventStream stream = stack.api().stream()) {
            assertThat(stream.line()).startsWith("data: {\"stage\": \"SYSTEM\"");
            String id = String.valueOf(
                    stack.api().post("stages.md", "One document on its way.").get("id"));

            List<Object> stages = new ArrayList<>();
            stream.untilDone(id).forEach(event -> stages.add(event.get("stage")));

            assertThat(stages).containsExactly("RECEIVED", "STORED", "EXTRACTED", "EMBEDDED", "INDEXED", "DONE");
        }
    }

    private static String first(Map<String, Double> ranked) {
        return ranked.keySet().stream().findFirst().orElse("");
    }
}
