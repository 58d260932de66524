package dev.withstack.launcher.ordinaut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.readme.Migration;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.SharedStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every command that {@code docs/migrating.md} gives to those who come from Ordinaut's document, and what it does. */
class MigratingIT {
    @RegisterExtension
    static final SharedStack stack = Ordinaut.shared();

    /** Somebody who begins: nothing of his runs, and nothing stands in his project. */
    @RegisterExtension
    final Launcher beginner = Launcher.of("ordinaut");

    private final Migration migration =
            new Migration("Ordinaut", words -> stack.launcher().begin(words));
    private final Ordinaut ordinaut = Ordinaut.of(stack);

    @AfterEach
    void bringItBack() throws Exception {
        stack.run("scale", "ordinaut", "worker=2");
        stack.run("scale", "ordinaut", "api=1");
        stack.run("start", "ordinaut");
    }

    @Test
    @Row("common.migrating")
    void commandWhenItStandsOnThePageDoesWhatTheOldOneDid() throws Exception {
        starts();
        looks();
        reaches();
        keeps();
        migration.run();
    }

    private void starts() {
        migration
                .of("dev ordinaut", this::brings)
                .of("start ordinaut", this::brings)
                .of("dev ordinaut --build --logs", words -> {
                    try (LiveRun live = stack.launcher().begin(words.toArray(String[]::new))) {
                        live.awaitOutput("ready in", Ordinaut.SOON)
                                .awaitOutput("scheduler | ", Ordinaut.SOON)
                                .interrupt()
                                .await(Ordinaut.SOON);
                    }
                })
                .of("dev ordinaut --clean --build", this::clears)
                .of("init ordinaut --env prod", words -> {
                    beginner.run(words.toArray(String[]::new));
                    assertThat(beginner.project().resolve(".env.prod"))
                            .content()
                            .contains("POSTGRES_PASSWORD=");
                })
                .of("prod ordinaut", this::refusesWithoutSecrets)
                .of("prod ordinaut --build", this::refusesWithoutSecrets)
                .of("scale ordinaut worker=4", words -> {
                    migration.well(words);
                    assertThat(running()).contains("worker-1", "worker-2", "worker-3", "worker-4");
                })
                .of("scale ordinaut api=2", words -> {
                    migration.well(words);
                    assertThat(running()).contains("api", "api-1", "api-2");
                    assertThat(ordinaut.get("/health").statusCode()).isEqualTo(200);
                })
                .of("restart ordinaut --set LOG_LEVEL=debug --apply", words -> {
                    migration.well(words);
                    assertThat(Docker.inspect(ordinaut.container("scheduler")).environment())
                            .containsEntry("LOG_LEVEL", "debug");
                })
                .prints("pull ordinaut", "postgres: ")
                .prints("update ordinaut", "nothing")
                .of("down ordinaut", words -> {
                    migration.well(words);
                    assertThat(Docker.containers(ordinaut.prefix())).isEmpty();
                    stack.run("start", "ordinaut");
                });
    }

    private void looks() {
        migration
                .follows("logs ordinaut --follow", "scheduler")
                .follows("logs ordinaut api --follow", "api")
                .follows("logs ordinaut scheduler --follow", "scheduler | ")
                .follows("logs ordinaut worker --follow", "worker-1 | ")
                .prints("logs ordinaut postgres", "database system is ready to accept connections")
                .printsLike("status ordinaut", "scheduler +running")
                .printsLike("top ordinaut", "scheduler +")
                .prints("check ordinaut", "scheduler", "ports", "disk")
                .prints("config ordinaut", "LOG_LEVEL")
                .prints("graph ordinaut", "scheduler")
                .printsLike("plan ordinaut", "(?i)nothing to change|start|note");
    }

    private void reaches() {
        migration
                .printsLike("shell ordinaut db -- -c 'SELECT COUNT(*) FROM due_work;'", "\\(1 row\\)")
                .printsLike(
                        "shell ordinaut db -- -c 'SELECT * FROM pg_locks WHERE granted = false;'", "\\(\\d+ rows?\\)")
                .answers("shell ordinaut db", "select 6 * 7;\n", "42")
                .answers("shell ordinaut redis", "PING\n", "PONG")
                .prints("exec ordinaut redis -- redis-cli BGREWRITEAOF", "rewriting started");
    }

    private void keeps() {
        migration
                .prints("backup ordinaut postgres", "Backed up postgres: ")
                .prints("backup ordinaut redis", "Backed up redis: ")
                .of("backup ordinaut", words -> assertThat(migration.well(words))
                        .contains("postgres, redis"))
                .asksFirst("restore ordinaut latest postgres", "postgres")
                .of("migrate ordinaut", words -> {
                    Path migrations = stack.launcher().project().resolve("migrations");
                    Path added = Files.writeString(
                            migrations.resolve("version_9999.sql"), "CREATE TABLE came_with_migration (id int);");
                    migration.well(words);
                    assertThat(ordinaut.sql("SELECT count(*) FROM came_with_migration"))
                            .isEqualTo("0");
                    ordinaut.sql("DROP TABLE came_with_migration");
                    Files.delete(added);
                });
    }

    private void brings(List<String> words) throws Exception {
        migration.well(words);
        assertThat(running()).contains("postgres", "redis", "scheduler", "worker-1", "worker-2");
    }

    private void clears(List<String> words) throws Exception {
        ordinaut.sql("INSERT INTO task (title, kind) VALUES ('goes with the data', 'echo')");

        List<String> confirmed =
                Stream.concat(words.stream(), Stream.of("--yes")).toList();
        migration.well(confirmed);

        assertThat(ordinaut.sql("SELECT count(*) FROM task WHERE title = 'goes with the data'"))
                .isEqualTo("0");
    }

    private void refusesWithoutSecrets(List<String> words) throws Exception {
        Files.deleteIfExists(beginner.project().resolve(".env.prod"));
        Run refused = beginner.run(words.toArray(String[]::new));
        assertThat(refused.err()).contains("not fit for prod", "POSTGRES_PASSWORD");
        assertThat(Docker.containers(beginner.prefix("prod"))).isEmpty();
    }

    private Iterable<String> running() {
        return Docker.running(ordinaut.prefix()).keySet();
    }
}
