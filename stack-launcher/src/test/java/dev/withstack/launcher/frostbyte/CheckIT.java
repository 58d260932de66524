package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code check} and {@code start} say when something is wrong with a running Frostbyte: each cause its own words. */
class CheckIT {
    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @AfterEach
    void bringItBack() throws Exception {
        stack.run("start", "frostbyte");
    }

    @Test
    @Row("frostbyte.check-api-down")
    void checkWhenTheApiIsDownSaysSo() throws Exception {
        Docker.run("kill", stack.container("pipeline-api"));

        Run check = check();

        assertThat(finding(check, "pipeline-api"))
                .containsEntry("verdict", "bad")
                .extracting("text")
                .asString()
                .startsWith("is down: ")
                .doesNotContain("unreachable");
        assertThat(finding(check, "redis")).containsEntry("verdict", "good");
    }

    @Test
    @Row("frostbyte.check-dependency")
    void checkWhenAServerDoesNotAnswerNamesItAndWhoSuffers() throws Exception {
        Docker.run("pause", stack.container("redis"));
        try {
            Run check = check();

            assertThat(finding(check, "redis")).containsEntry("verdict", "bad");
            assertThat(finding(check, "pipeline-api"))
                    .containsEntry("verdict", "bad")
                    .extracting("text")
                    .asString()
                    .contains("because redis");
            assertThat(finding(check, "postgres")).containsEntry("verdict", "good");
        } finally {
            Docker.run("unpause", stack.container("redis"));
        }
    }

    @Test
    @Row("frostbyte.check-port")
    @Row("trouble.port-of-process")
    void checkAndStartWhenAProcessHoldsThePortNameIt() throws Exception {
        Docker.run("stop", stack.container("admin-dashboard"));
        int port = stack.ports().dashboard();
        try (ServerSocket thief = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            String owner = Long.toString(ProcessHandle.current().pid());

            Run check = check();
            Run start = stack.launcher().run("start", "frostbyte");

            assertThat(finding(check, "admin-dashboard").get("text").toString())
                    .contains("port " + thief.getLocalPort() + " is taken by", "java", owner);
            assertThat(start.exitCode()).as(start.toString()).isEqualTo(5);
            assertThat(start.err()).contains("admin-dashboard", Integer.toString(port), "java", owner);
            assertThat(start.err()).contains("ADMIN_DASHBOARD_PORT", "--auto-ports");
            assertThat(Docker.running(stack.launcher().prefix("dev"))).doesNotContainKey("admin-dashboard");
        }
    }

    @Test
    @Row("frostbyte.check-port")
    @Row("trouble.port-of-container")
    void checkAndStartWhenAContainerHoldsThePortNameIt() throws Exception {
        Docker.run("stop", stack.container("admin-dashboard"));
        String thief = stack.launcher().prefix("thief");
        Docker.run(
                "run",
                "--detach",
                "--name",
                thief,
                "--publish",
                "127.0.0.1:" + stack.ports().dashboard() + ":6379",
                Docker.inspect(stack.container("redis")).text("Image"));
        try {
            Run check = check();
            Run start = stack.launcher().run("start", "frostbyte");

            assertThat(finding(check, "admin-dashboard").get("text").toString()).contains(thief);
            assertThat(start.exitCode()).as(start.toString()).isEqualTo(5);
            assertThat(start.err()).contains("admin-dashboard", thief);
        } finally {
            Docker.run("rm", "--force", "--volumes", thief);
        }
    }

    @Test
    @Row("trouble.paused")
    void checkAndStatusWhenAContainerIsPausedSaySoAndTheNextStartLetsItGoOn() throws Exception {
        Docker.run("pause", stack.container("minio"));

        Run status = stack.launcher().run("status", "frostbyte");
        Run check = check();
        stack.run("start", "frostbyte");

        assertThat(status.exitCode()).as(status.toString()).isEqualTo(8);
        assertThat(status.out()).containsPattern("minio +paused");
        assertThat(finding(check, "minio").get("text").toString()).startsWith("is down: paused");
        assertThat(Docker.inspect(stack.container("minio")).text("State", "Status"))
                .isEqualTo("running");
    }

    @Test
    @Row("trouble.cut-off")
    void checkWhenAContainerIsCutOffTellsItFromOneThatIsDownAndTheNextStartMendsIt() throws Exception {
        String network = stack.launcher().prefix("dev");
        Docker.run("network", "disconnect", "--force", network, stack.container("redis"));

        Run status = stack.launcher().run("status", "frostbyte");
        Run check = check();
        stack.run("start", "frostbyte");
        Run again = stack.launcher().run("check", "frostbyte", "--output", "json");

        assertThat(status.exitCode()).as(status.toString()).isEqualTo(8);
        assertThat(status.out()).containsPattern("redis +running +cut off");
        assertThat(finding(check, "redis").get("text").toString())
                .contains("is cut off from the network " + network)
                .doesNotContain("is down");
        assertThat(finding(again, "redis")).containsEntry("verdict", "good");
    }

    @Test
    @Row("trouble.volume-gone")
    void checkWhenContainerAndVolumeAreGoneSaysThatTheDataIsToo() throws Exception {
        String volume = stack.launcher().volume("dev", "redis_data");
        Docker.run("rm", "--force", stack.container("redis"));
        Docker.run("volume", "rm", volume);

        Run check = check();

        assertThat(check.events("finding"))
                .filteredOn(event -> "redis".equals(event.get("subject")))
                .extracting(event -> event.get("text").toString())
                .anySatisfy(text -> assertThat(text).contains("has no container", "volume " + volume + " is gone"));
    }

    @Test
    @Row("common.check-whole")
    void checkWhenAllIsWellHasLookedAtMachinePortsSettingsAndImages() throws Exception {
        Run check = stack.run("check", "frostbyte", "--output", "json");

        assertThat(check.events("finding"))
                .extracting(event -> event.get("subject"))
                .contains("engine", "cpus", "memory", "ports", "settings", "images", "pipeline-api");
        assertThat(finding(check, "ports").get("text").toString())
                .contains(stack.ports().api() + " pipeline-api");
    }

    private static Run check() throws InterruptedException {
        Run check = stack.launcher().run("check", "frostbyte", "--output", "json");
        assertThat(check.exitCode()).as(check.toString()).isEqualTo(8);
        return check;
    }

    /** Return the first finding about a service that is not good, else the first. */
    static Map<String, Object> finding(Run check, String subject) {
        var about = check.events("finding").stream()
                .filter(event -> subject.equals(event.get("subject")))
                .toList();
        return about.stream()
                .filter(event -> !"good".equals(event.get("verdict")))
                .findFirst()
                .orElseGet(() -> about.stream().findFirst().orElseThrow(() -> new AssertionError(check.toString())));
    }
}
