package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of Frostbyte's data, from its first start to the reset that destroys it: each step finds what the last left. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LifeIT {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @RegisterExtension
    static final Launcher launcher = Launcher.create();

    private static Servers servers;
    private static String checksum;

    @BeforeAll
    static void bringUpAndFill() throws Exception {
        Ports ports = Ports.free();
        ports.use(launcher);
        servers = new Servers(ports);
        well("dev", "frostbyte");
        servers.fill();
        checksum = servers.checksum();
    }

    @Test
    @Order(1)
    @Row("common.stop")
    @Row("common.data-survives-stop")
    void stopAndStartWhenThereIsDataKeepEveryByte() throws Exception {
        Map<String, String> before = Docker.running(launcher.prefix("dev"));

        Run stop = well("stop", "frostbyte");

        assertThat(stop.out()).contains("is stopped");
        assertThat(Docker.running(launcher.prefix("dev"))).isEmpty();
        assertThat(before.keySet())
                .allSatisfy(service -> assertThat(facts(service).number("State", "ExitCode"))
                        .as("%s had time to finish, and was not killed", service)
                        .isNotEqualTo(137));
        assertThat(launcher.run("status", "frostbyte").exitCode()).isEqualTo(7);
        well("dev", "frostbyte");
        assertThat(Docker.running(launcher.prefix("dev"))).isEqualTo(before);
        assertThat(servers.checksum()).isEqualTo(checksum);
    }

    @Test
    @Order(2)
    @Row("common.restart")
    @Row("common.data-survives-restart")
    void restartWhenThereIsDataKeepsEveryByteAndWaitsForHealth() throws Exception {
        Map<String, Instant> before = startedAt();

        well("restart", "frostbyte");

        assertThat(servers.checksum()).isEqualTo(checksum);
        assertThat(startedAt()).allSatisfy((service, at) -> assertThat(at).isAfter(before.get(service)));
    }

    @Test
    @Order(3)
    @Row("common.restart")
    void restartWhenAServiceIsNamedLeavesTheOthersAlone() throws Exception {
        Map<String, Instant> before = startedAt();

        well("restart", "frostbyte", "redis");

        Map<String, Instant> after = startedAt();
        assertThat(after.get("redis")).isAfter(before.get("redis"));
        assertThat(after).containsEntry("postgres", before.get("postgres")).containsEntry("minio", before.get("minio"));
    }

    @Test
    @Order(4)
    @Row("trouble.removed-by-hand")
    void devWhenAContainerWasRemovedByHandMakesItAgainWithItsData() throws Exception {
        Docker.run("rm", "--force", launcher.prefix("dev") + "-qdrant");

        Run dev = well("dev", "frostbyte");

        assertThat(dev.out()).contains("create qdrant");
        assertThat(dev.out()).doesNotContain("create redis");
        assertThat(servers.checksum()).isEqualTo(checksum);
    }

    @Test
    @Order(5)
    @Row("common.data-asks")
    void downWhenVolumesAreNotAskedForKeepsEveryByte() throws Exception {
        well("down", "frostbyte");

        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(Docker.networks(launcher.prefix("dev"))).isEmpty();
        assertThat(volumes()).hasSize(4);
    }

    @Test
    @Order(6)
    @Row("trouble.killed-launcher")
    @Row("common.data-survives-kill")
    void devWhenALauncherWasKilledInTheMiddleConvergesAndKeepsEveryByte() throws Exception {
        try (LiveRun killed = launcher.begin("dev", "frostbyte", "--output", "json")) {
            killed.awaitOutput("\"step\":\"start ", LONGEST).kill();
            assertThat(killed.await(LONGEST).exitCode()).isEqualTo(137);
        }

        well("dev", "frostbyte");

        assertThat(Docker.running(launcher.prefix("dev"))).hasSize(4);
        assertThat(servers.checksum()).isEqualTo(checksum);
    }

    @Test
    @Order(7)
    @Row("common.reset")
    @Row("common.data-asks")
    void resetWhenNobodyCanBeAskedRefusesAndTouchesNothing() throws Exception {
        Run reset = launcher.run("reset", "frostbyte");
        Run down = launcher.run("down", "frostbyte", "--volumes");

        assertThat(reset.exitCode()).as(reset.toString()).isEqualTo(2);
        assertThat(reset.out() + reset.err()).contains("--yes", volumes().get(0));
        assertThat(down.exitCode()).as(down.toString()).isEqualTo(2);
        assertThat(servers.checksum()).isEqualTo(checksum);
    }

    @Test
    @Order(8)
    @Row("common.reset")
    void resetWhenItIsConfirmedDestroysTheDataAndLeavesAnEmptyStackRunning() throws Exception {
        well("reset", "frostbyte", "--yes");

        assertThat(Docker.running(launcher.prefix("dev"))).hasSize(4);
        assertThat(servers.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
        assertThat(servers.collections()).isEmpty();
        try (var redis = servers.redis();
                var s3 = servers.s3()) {
            assertThat(redis.dbSize()).isZero();
            assertThat(s3.listBuckets().buckets()).isEmpty();
        }
    }

    @Test
    @Order(9)
    @Row("common.data-asks")
    void downWhenVolumesAreAskedForAndConfirmedLeavesNothing() throws Exception {
        well("down", "frostbyte", "--volumes", "--yes");

        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(volumes()).isEmpty();
        assertThat(Docker.networks(launcher.prefix("dev"))).isEmpty();
    }

    private static Run well(String... arguments) throws InterruptedException {
        Run run = launcher.run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }

    private static List<String> volumes() {
        return Docker.volumesEndingWith(launcher.prefix("dev").substring("frostbyte".length()));
    }

    private static Map<String, Instant> startedAt() {
        Map<String, Instant> times = new java.util.TreeMap<>();
        Docker.running(launcher.prefix("dev"))
                .keySet()
                .forEach(service ->
                        times.put(service, Instant.parse(facts(service).text("State", "StartedAt"))));
        return times;
    }

    private static Docker.Facts facts(String service) {
        return Docker.inspect(launcher.prefix("dev") + "-" + service);
    }
}
