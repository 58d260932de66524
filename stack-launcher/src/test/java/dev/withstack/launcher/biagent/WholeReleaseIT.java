package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All twelve services of BI-Agent as a release. */
class WholeReleaseIT {
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final List<String> SECRETS =
            List.of("DB_PASSWORD", "MINIO_ROOT_PASSWORD", "GRAFANA_ADMIN_PASSWORD", "JWT_SECRET");

    @RegisterExtension
    final Launcher launcher = Launcher.of("bi-agent");

    @BeforeEach
    void givePortsAndSecrets() {
        launcher.in(Launcher.samples().resolve("bi-agent"));
        Platform.elsewhere(launcher);
        SECRETS.forEach(secret -> launcher.environment(secret, secret + "-that-nobody-will-guess-0123456789"));
    }

    @Test
    @Row("bi-agent.prod")
    void prodBringsUpAllTwelveWithLimitsAndKnowsNoDevelopmentSecret() throws Exception {
        try (LiveRun live = launcher.begin("prod", "bi-agent", "--timeout", "10m")
                .awaitOutput("Ctrl-C leaves it running", LONGEST)) {
            live.interrupt().await(LONGEST);
        }

        assertAllTwelve("prod");
    }

    @Test
    @Row("bi-agent.stage")
    void stageBringsUpAllTwelveByTheRulesOfProd() throws Exception {
        try (LiveRun live = launcher.begin("stage", "bi-agent", "--timeout", "10m")) {
            live.input().close();
            Run run = live.await(LONGEST);
            assertThat(run.exitCode()).as(run.toString()).isZero();
        }

        assertAllTwelve("stage");
    }

    private void assertAllTwelve(String environment) {
        String prefix = launcher.prefix(environment);
        assertThat(Docker.running(prefix)).containsOnlyKeys(Platform.TWELVE);
        for (String service : Platform.TWELVE) {
            Docker.Facts facts = Docker.inspect(prefix + "-" + service);
            assertThat(facts.number("HostConfig", "Memory")).as(service).isPositive();
            assertThat(facts.number("HostConfig", "NanoCpus")).as(service).isPositive();
            assertThat(facts.environment().values())
                    .as(service)
                    .noneMatch(value -> value.contains("postgres:postgres@") || value.contains("dev-secret"));
        }
    }
}
