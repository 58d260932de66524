package dev.withstack.launcher.ordinaut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Ordinaut's document does with {@code pg_dump}, {@code docker cp} and {@code psql -f}, by the launcher's commands. */
class KeepIT {
    @RegisterExtension
    final Launcher launcher = Launcher.of("ordinaut");

    private Run well(String... arguments) throws InterruptedException {
        Run run = launcher.run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }

    @Test
    @Row("ordinaut.backup")
    @Row("ordinaut.migrate")
    @Row("backup.retention")
    void backupThenMigrateThenRestoreBringsBackRowsAndKeysWhileTheApplicationStays() throws Exception {
        Path sample = Launcher.samples().resolve("ordinaut");
        Path project = launcher.project();
        Path migrations = Files.createDirectories(project.resolve("migrations"));
        Files.copy(sample.resolve("migrations/version_0001.sql"), migrations.resolve("version_0001.sql"));
        int first = FreePorts.inARow(3);
        launcher.environment("API_PORT", Integer.toString(first))
                .environment("POSTGRES_PORT", Integer.toString(first + 1))
                .environment("REDIS_PORT", Integer.toString(first + 2));
        well("start", "ordinaut", "postgres", "redis");
        Ordinaut ordinaut = new Ordinaut(first, launcher.prefix("dev"), "orchestrator_dev");
        ordinaut.sql("INSERT INTO task (title, kind) VALUES ('kept', 'echo')");
        ordinaut.redis("SET", "kept", "yes", "EX", "86400");

        assertThat(well("migrate", "ordinaut").out()).contains("Everything is applied to postgres already.");
        Run backup = well("backup", "ordinaut");
        assertThat(backup.out())
                .contains(
                        "Backed up postgres, redis: ",
                        project.resolve("backups").toString());

        Files.writeString(migrations.resolve("version_0002.sql"), "ALTER TABLE task ADD colour text DEFAULT 'red';");
        assertThat(well("migrate", "ordinaut").out()).contains("Applied version_0002.sql");
        assertThat(ordinaut.sql("SELECT colour FROM task")).isEqualTo("red");
        assertThat(well("migrate", "ordinaut", "--list").out()).contains("version_0001.sql", "version_0002.sql");
        ordinaut.sql("DELETE FROM task");
        ordinaut.redis("FLUSHALL");
        String postgres = id(ordinaut, "postgres");

        assertThat(well("backups", "verify", "--stack", "ordinaut").out()).contains(": whole");
        well("restore", "latest", "--stack", "ordinaut", "--yes");

        assertThat(ordinaut.sql("SELECT title FROM task")).isEqualTo("kept");
        assertThat(ordinaut.sql("SELECT count(*) FROM information_schema.columns WHERE column_name = 'colour'"))
                .isEqualTo("0");
        assertThat(ordinaut.redis("GET", "kept")).isEqualTo("yes");
        assertThat(Long.parseLong(ordinaut.redis("TTL", "kept"))).isPositive();
        assertThat(id(ordinaut, "postgres")).as("the server runs on").isEqualTo(postgres);
        assertThat(well("migrate", "ordinaut").out()).contains("Applied version_0002.sql");
        well("backup", "ordinaut", "--keep-hourly", "1", "--keep-daily", "1");
        assertThat(well("backups", "--stack", "ordinaut", "--output", "json").events("backup"))
                .as("the newest alone is kept, unless an hour or a day began in between")
                .hasSizeLessThan(3)
                .isNotEmpty();
        assertThat(List.of(ordinaut.sql("SELECT colour FROM task"))).containsExactly("red");
    }

    private static String id(Ordinaut ordinaut, String service) {
        return Docker.inspect(ordinaut.container(service)).text("Id");
    }
}
