package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.readme.Migration;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.SharedStack;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every command that {@code docs/migrating.md} gives to those who come from BI-Agent's document, and what it does. */
class MigratingIT {
    @RegisterExtension
    static final SharedStack stack = Platform.shared();

    /** Somebody who begins: nothing of his runs, and nothing stands in his project. */
    @RegisterExtension
    final Launcher beginner = Launcher.of("bi-agent");

    @AfterEach
    void bringItBack() throws Exception {
        stack.run("start", "bi-agent");
    }

    @Test
    @Row("common.migrating")
    @Row("common.config")
    void commandWhenItStandsOnThePageDoesWhatTheOldOneDid() throws Exception {
        Migration migration = new Migration("BI-Agent", stack.launcher()::begin);
        migration
                .of("init bi-agent", words -> {
                    beginner.run(words.toArray(String[]::new));
                    assertThat(Files.readString(beginner.project().resolve(".env")))
                            .contains("DB_PORT");
                })
                .of("check bi-agent", words -> await().atMost(Platform.LONGEST)
                        .untilAsserted(() -> assertThat(migration.well(words)).contains(Platform.TWELVE)))
                .prints(
                        "config bi-agent",
                        "DB_NAME",
                        "GRAFANA_ADMIN_USER",
                        "REDIS_IMAGE",
                        "WEB_PORT",
                        "ML_SERVICE_MEMORY")
                .of("start bi-agent", words -> {
                    migration.well(words);
                    assertThat(Docker.running(stack.launcher().prefix("dev")))
                            .containsKeys(Platform.TWELVE.toArray(String[]::new));
                })
                .printsLike("status bi-agent --wait", "celery-beat +running")
                .printsLike("status bi-agent", "celery-beat +running")
                .prints("logs bi-agent", "analytics-api", "postgres", "web")
                .prints("logs bi-agent --tail all", "database system is ready to accept connections")
                .follows("logs bi-agent analytics-api --follow", "analytics API on port 3000")
                .answers("shell bi-agent db", "select 6 * 7;\n", "42")
                .of("start bi-agent --set DB_PORT=5433", words -> {
                    int free = FreePorts.inARow(1);
                    migration.well(words.stream()
                            .map(word -> word.replace("5433", Integer.toString(free)))
                            .toList());
                    assertThat(Docker.inspect(stack.container("postgres")).publishedPorts())
                            .containsEntry("5432/tcp", "127.0.0.1:" + free);
                })
                .asksFirst("down bi-agent --volumes --images", stack.launcher().volume("dev", "postgres_data"))
                .of("down bi-agent", words -> {
                    List<String> volumes = volumes();
                    migration.well(words);
                    assertThat(Docker.containers(stack.launcher().prefix("dev")))
                            .isEmpty();
                    assertThat(volumes()).isEqualTo(volumes).isNotEmpty();
                    stack.run("start", "bi-agent");
                })
                .run();
    }

    private static List<String> volumes() {
        return Docker.run("volume", "ls", "--quiet", "--filter", "label=dev.withstack.stack=bi-agent")
                .lines()
                .toList();
    }
}
