package dev.withstack.core.docker;

import static dev.withstack.core.docker.FakeEngine.chunked;
import static dev.withstack.core.docker.FakeEngine.empty;
import static dev.withstack.core.docker.FakeEngine.json;
import static dev.withstack.core.docker.FakeEngine.raw;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class ImagesTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private FakeEngine fake;
    private DockerEngine engine;
    private final List<PullProgress> progress = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        fake = new FakeEngine(directory);
        engine = fake.open();
    }

    @AfterEach
    void close() {
        engine.close();
        fake.close();
    }

    @Test
    void listWhenCalledReadsWhatIsShown() {
        fake.on(
                "GET /images/json",
                json(
                        "[{\"Id\":\"sha256:1\",\"RepoTags\":[\"a:1\",\"b:2\"],\"Labels\":null,\"Size\":5,\"Created\":7}]"));

        assertThat(engine.images().list(LabelFilter.none()))
                .containsExactly(
                        new ImageSummary("sha256:1", List.of("a:1", "b:2"), Map.of(), 5, Instant.ofEpochSecond(7)));
    }

    @Test
    void listWhenAnImageHasLostItsNameShowsNone() {
        fake.on(
                "GET /images/json",
                json(
                        "[{\"Id\":\"sha256:1\",\"RepoTags\":[\"<none>:<none>\"],\"Labels\":null,\"Size\":5,\"Created\":7}]"));

        assertThat(engine.images().list(LabelFilter.none()))
                .containsExactly(new ImageSummary("sha256:1", List.of(), Map.of(), 5, Instant.ofEpochSecond(7)));
    }

    @Test
    void inspectWhenReferenceHasARegistryKeepsItInThePath() {
        fake.on(
                "GET /images/localhost:5000/team/redis:7/json",
                json(
                        """
                        {"Id":"sha256:1","RepoTags":["redis:7"],"RepoDigests":["redis@sha256:2"],"Os":"linux","Architecture":"arm64",
                         "Size":9,"Created":"2026-01-01T00:00:00Z","Config":{"Labels":{"l":"v"},"Env":["A=1"],"Entrypoint":["e"],
                         "Cmd":["c"],"ExposedPorts":{"6379/tcp":{}},"Volumes":{"/data":{}},"User":"redis","WorkingDir":"/data",
                         "StopSignal":"SIGINT"}}"""));

        assertThat(engine.images().inspect("localhost:5000/team/redis:7"))
                .isEqualTo(new ImageDetails(
                        "sha256:1",
                        List.of("redis:7"),
                        List.of("redis@sha256:2"),
                        Map.of("l", "v"),
                        List.of("A=1"),
                        List.of("e"),
                        List.of("c"),
                        List.of("6379/tcp"),
                        List.of("/data"),
                        "redis",
                        "/data",
                        "SIGINT",
                        Optional.empty(),
                        "linux",
                        "arm64",
                        9,
                        Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void findWhenImageIsNotThereIsEmpty() {
        fake.on("GET /images/gone/json", json(404, "{\"message\":\"No such image: gone\"}"));

        assertThat(engine.images().find("gone")).isEmpty();
    }

    @Test
    void tagWhenCalledSplitsTheName() {
        fake.on("POST /images/a/tag", empty(201));

        engine.images().tag("a", "localhost:5000/b:2");

        assertThat(fake.last("POST /images/a/tag").target()).endsWith("?repo=localhost%3A5000%2Fb&tag=2");
    }

    @Test
    void loadWhenCalledSendsTheArchiveUnderTheName() {
        fake.on("POST /images/create", chunked("{\"status\":\"sha256:1\"}\r\n"));

        engine.images().load("kept:1", Map.of("a.b", "c/d"), new ByteArrayInputStream("tar".getBytes(US_ASCII)));

        assertThat(fake.last("POST /images/create").target())
                .endsWith("?fromSrc=-&repo=kept&tag=1&changes=LABEL%20a.b%3D%22c%2Fd%22");
        assertThat(fake.last("POST /images/create").body()).isEqualTo("tar");
    }

    @Test
    void loadWhenTheEngineRefusesTheArchiveFails() {
        fake.on("POST /images/create", chunked("{\"errorDetail\":{\"message\":\"unexpected EOF\"}}\r\n"));

        assertThatThrownBy(() -> engine.images().load("kept:1", Map.of(), InputStream.nullInputStream()))
                .hasMessageContaining("unexpected EOF");
    }

    @ParameterizedTest
    @CsvSource({
        "redis, redis, latest",
        "redis:7, redis, 7",
        "localhost:5000/redis, localhost%3A5000%2Fredis, latest",
        "redis@sha256:ab, redis, sha256%3Aab",
        "redis:7@sha256:ab, redis, sha256%3Aab",
    })
    void pullWhenCalledSplitsTheReference(String reference, String image, String tag) {
        fake.on("POST /images/create", chunked());

        pull(reference);

        assertThat(fake.last("POST /images/create").target()).endsWith("?fromImage=" + image + "&tag=" + tag);
    }

    @Test
    void pullWhenItGoesOnReportsEachStep() {
        fake.on(
                "POST /images/create",
                chunked(
                        "{\"status\":\"Pulling from library/redis\",\"id\":\"7\"}\r\n{\"status\":\"Downloading\",",
                        "\"progressDetail\":{\"current\":5,\"total\":10},\"progress\":\"[=> ]\",\"id\":\"ab\"}\r\n",
                        "{\"status\":\"Status: Downloaded\"}\r\n"));

        pull("redis:7");

        assertThat(progress)
                .containsExactly(
                        new PullProgress("7", "Pulling from library/redis", 0, 0),
                        new PullProgress("ab", "Downloading", 5, 10),
                        new PullProgress("", "Status: Downloaded", 0, 0));
    }

    @Test
    void pullWhenCredentialsAreGivenSendsThem() {
        fake.on("POST /images/create", chunked());

        engine.images().pull("redis", Optional.of("e30="), PATIENCE, progress::add);

        assertThat(fake.last("POST /images/create").headers()).containsEntry("x-registry-auth", "e30=");
    }

    @Test
    void pullWhenRefusedAtOnceKeepsTheDetail() {
        fake.on("POST /images/create", json(404, "{\"message\":\"manifest for redis:0 not found: manifest unknown\"}"));

        PullException e = catchThrowableOfType(PullException.class, () -> pull("redis:0"));

        assertThat(e).hasMessage("Can't pull image 'redis:0': manifest for redis:0 not found: manifest unknown");
        assertThat(e.failure()).isEqualTo(RegistryFailure.NOT_FOUND);
    }

    @Test
    void pullWhenItFailsOnTheWayKeepsTheDetail() {
        fake.on(
                "POST /images/create",
                chunked(
                        "{\"status\":\"Downloading\",\"id\":\"ab\"}\r\n",
                        "{\"errorDetail\":{\"message\":\"read tcp: i/o timeout\"},\"error\":\"short\"}\r\n"));

        PullException e = catchThrowableOfType(PullException.class, () -> pull("redis:7"));

        assertThat(e.detail()).isEqualTo("read tcp: i/o timeout");
        assertThat(e.failure()).isEqualTo(RegistryFailure.UNREACHABLE);
        assertThat(progress).hasSize(1);
    }

    @Test
    void pullWhenNothingMovesGivesUp() {
        fake.on("POST /images/create", fake.thenSilence(out -> {
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").write(out);
            FakeEngine.chunk(
                    out,
                    "{\"status\":\"Waiting\",\"id\":\"ab\"}\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }));

        PullException e = catchThrowableOfType(PullException.class, () -> engine.images()
                .pull("redis:7", Optional.empty(), Duration.ofMillis(100), progress::add));

        assertThat(e).hasMessage("Can't pull image 'redis:7': no progress within 100 ms");
        assertThat(e.failure()).isEqualTo(RegistryFailure.UNREACHABLE);
    }

    @Test
    void pullWhenEngineSaysNothingAtAllGivesUp() {
        fake.on("POST /images/create", fake.silence());

        assertThatThrownBy(
                        () -> engine.images().pull("redis:7", Optional.empty(), Duration.ofMillis(50), progress::add))
                .isInstanceOf(PullException.class)
                .hasMessageEndingWith("no progress within 50 ms");
    }

    @Test
    void removeWhenInUseIsAConflict() {
        fake.on("DELETE /images/redis:7", json(409, "{\"message\":\"image is being used\"}"));

        assertThatThrownBy(() -> engine.images().remove("redis:7")).isInstanceOf(ConflictException.class);
    }

    private void pull(String reference) {
        engine.images().pull(reference, Optional.empty(), PATIENCE, progress::add);
    }
}
