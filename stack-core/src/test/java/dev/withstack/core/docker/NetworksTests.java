package dev.withstack.core.docker;

import static dev.withstack.core.docker.FakeEngine.empty;
import static dev.withstack.core.docker.FakeEngine.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworksTests {

    @TempDir
    Path directory;

    private FakeEngine fake;
    private DockerEngine engine;

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
    void inspectWhenCalledReadsSubnetsAndMembers() {
        fake.on(
                "GET /networks/n",
                json(
                        """
                        {"Name":"n","Id":"n1","Created":"2026-01-01T00:00:00.5Z","Scope":"local","Driver":"bridge",
                         "IPAM":{"Config":[{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}]},"Labels":{"a":"1"},
                         "Containers":{"c1":{"Name":"db","IPv4Address":"172.18.0.2/16"}}}"""));

        assertThat(engine.networks().inspect("n"))
                .isEqualTo(new NetworkDetails(
                        "n1",
                        "n",
                        "bridge",
                        "local",
                        NetworkDetails.Reach.OUTWARD,
                        Map.of("a", "1"),
                        List.of(new NetworkDetails.Subnet("172.18.0.0/16", "172.18.0.1")),
                        List.of(new NetworkDetails.Member("c1", "db", "172.18.0.2")),
                        Instant.parse("2026-01-01T00:00:00.5Z")));
    }

    @Test
    void createWhenNameIsInUseIsAConflict() {
        fake.on("POST /networks/create", json(409, "{\"message\":\"network with name n already exists\"}"));

        assertThatThrownBy(() -> engine.networks().create("n", "bridge", Map.of()))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void createWhenCalledForbidsASecondOfThatName() throws IOException {
        fake.on("POST /networks/create", json(201, "{\"Id\":\"n1\"}"));

        assertThat(engine.networks().create("n", "bridge", Map.of("a", "1"))).isEqualTo("n1");
        assertThat(Json.object(fake.last("POST /networks/create").body()).fields())
                .isEqualTo(Map.of("Name", "n", "Driver", "bridge", "Labels", Map.of("a", "1"), "CheckDuplicate", true));
    }

    @Test
    void connectWhenAliasesAreGivenSendsThem() {
        fake.on("POST /networks/n/connect", empty(200));

        engine.networks().connect("n", "c1", List.of("db", "postgres"));

        assertThat(fake.last("POST /networks/n/connect").body())
                .contains("\"Container\":\"c1\"")
                .contains("{\"Aliases\":[\"db\",\"postgres\"]}");
    }

    @Test
    void volumesWhenThereAreNoneAreAnEmptyList() {
        fake.on("GET /volumes", json("{\"Volumes\":null,\"Warnings\":null}"));

        assertThat(engine.volumes().list(LabelFilter.present("a"))).isEmpty();
    }

    @Test
    void volumesWhenThereAreSomeReadTimesWithAnOffset() {
        fake.on(
                "GET /volumes/v",
                json("{\"Name\":\"v\",\"Driver\":\"local\",\"Mountpoint\":\"/m\",\"Labels\":null,"
                        + "\"CreatedAt\":\"2026-01-01T02:00:00+02:00\"}"));

        assertThat(engine.volumes().inspect("v"))
                .isEqualTo(new VolumeDetails("v", "local", "/m", Map.of(), Instant.parse("2026-01-01T00:00:00Z")));
    }
}
