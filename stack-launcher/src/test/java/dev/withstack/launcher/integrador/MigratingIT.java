package dev.withstack.launcher.integrador;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.readme.Migration;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every command that {@code docs/migrating.md} gives to those who come from Integrador's document, and what it does. */
class MigratingIT {
    private static final Duration LONGEST = Duration.ofMinutes(8);

    @RegisterExtension
    static final Launcher launcher = Launcher.of("integrador");

    /** Somebody who begins: nothing of his runs, and nothing stands in his project. */
    @RegisterExtension
    final Launcher beginner = Launcher.of("integrador");

    private static Backend backend;

    private final Migration migration = new Migration("Integrador", launcher::begin);

    @BeforeAll
    static void copy() throws Exception {
        backend = Backend.copy(launcher);
    }

    @Test
    @Row("common.migrating")
    void commandWhenItStandsOnThePageDoesWhatTheOldOneDid() throws Exception {
        // its effect is that of the second row, so it is the first to run: the others need the servers
        migration.well(List.of("dev", "integrador", "--infra"));
        starts();
        looks();
        reaches();
        keeps();
        migration.run();
    }

    private void starts() {
        migration
                .of("dev integrador", words -> stays(words, backend.api(), backend.gateway()))
                .of("dev integrador --skip-docker", words -> stays(words, backend.api(), backend.gateway()))
                .of("dev integrador --api-only", words -> stays(words, backend.api()))
                .of("dev integrador --ws-only", words -> stays(words, backend.gateway()))
                .of("dev integrador --infra", words -> {
                    migration.well(words);
                    assertThat(Docker.running(launcher.prefix("dev"))).containsOnlyKeys("db", "redis");
                })
                .of("init integrador", words -> {
                    beginner.run(words.toArray(String[]::new));
                    assertThat(beginner.project().resolve(".env")).content().contains("JWT_SECRET=");
                })
                .of("restart integrador redis", words -> {
                    String before = startedAt();
                    migration.well(words);
                    assertThat(startedAt()).isNotEqualTo(before);
                })
                .of("down integrador", words -> {
                    migration.well(words);
                    assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
                    migration.well(List.of("dev", "integrador", "--infra"));
                })
                .asksFirst("down integrador --volumes", launcher.volume("dev", "pgdata"));
    }

    /** Run the processes until Ctrl-C; those that are expected answer. */
    private void stays(List<String> words, int... ports) throws Exception {
        try (LiveRun live = launcher.begin(words.toArray(String[]::new))) {
            live.awaitOutput("Staying with", LONGEST);
            for (int port : ports) {
                String path = port == backend.api() ? "/api/health" : "/ws/health";
                assertThat(backend.get(port, path).statusCode()).as(path).isEqualTo(200);
            }
            live.interrupt().await(LONGEST);
        }
        backend.awaitNobody();
    }

    private void looks() {
        migration
                .of("status integrador", words -> assertThat(
                                launcher.run(words.toArray(String[]::new)).out())
                        .containsPattern("db +running"))
                .follows("logs integrador --follow", "redis")
                .follows("logs integrador db --follow", "database system is ready to accept connections")
                .follows("logs integrador redis --follow", "Ready to accept connections")
                .of("check integrador", words -> assertThat(
                                launcher.run(words.toArray(String[]::new)).out())
                        .contains("ports", "db", "redis"));
    }

    private void reaches() {
        migration
                .answers("shell integrador db", "CREATE TABLE IF NOT EXISTS products (id int); select 6 * 7;\n", "42")
                .printsLike("shell integrador db -- -c 'SELECT COUNT(*) FROM products'", "\\(1 row\\)")
                .answers("shell integrador redis", "SET greeting hello\n", "OK")
                .prints("shell integrador redis -- KEYS '*'", "greeting")
                .follows("shell integrador redis -- MONITOR", "OK")
                .of("shell integrador redis -- FLUSHALL", words -> {
                    migration.well(words);
                    assertThat(migration.well(List.of("shell", "integrador", "redis", "--", "DBSIZE")))
                            .contains("0");
                });
    }

    private void keeps() {
        migration
                .prints("backup integrador db", "Backed up db: ")
                .prints("backup integrador", "Backed up db, redis: ")
                .asksFirst("restore integrador latest db", "db")
                .asksFirst("restore integrador latest", "db");
    }

    private static String startedAt() {
        return Docker.inspect(launcher.prefix("dev") + "-redis").text("State", "StartedAt");
    }
}
