package dev.withstack.core.engine;

import static dev.withstack.core.engine.BackupIT.ask;
import static dev.withstack.core.engine.BackupIT.connect;
import static dev.withstack.core.engine.BackupIT.image;
import static dev.withstack.core.engine.BackupIT.run;
import static dev.withstack.core.engine.BackupIT.s3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.Backup;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What a backup or a restore leaves that is killed as by {@code kill -9}. */
@Timeout(1800)
@Execution(ExecutionMode.CONCURRENT)
class KilledBackupIT {
    private static final String PASSWORD = "killed-password";
    private static final int OBJECTS = 600;

    @RegisterExtension
    final Trial trial = new Trial();

    /** Return the definition that another process works on. */
    static StackDefinition database(String stack, String password) {
        return StackDefinition.of(stack, Environment.DEV)
                .add(BackupIT.postgres(password))
                .build();
    }

    /** Return another one, with somebody who uses what is kept. */
    static StackDefinition objects(String stack) {
        var store = BackupIT.minio();
        return StackDefinition.of(stack, Environment.DEV)
                .add(store, Trial.idle("reader").needs(store))
                .build();
    }

    private Path shelf() {
        return trial.project().resolve("backups");
    }

    private Backup backup(StackDefinition stack) {
        return trial.engine().backup(stack, List.of(), shelf(), trial::hear);
    }

    private void restore(StackDefinition stack, Backup backup) {
        trial.engine().restore(stack, backup, List.of(), trial::hear);
    }

    @Test
    @Row("backup.interrupted")
    void backupWhenItIsKilledInTheMiddleLeavesNothingThatCouldBeTakenForOne() throws Exception {
        StackDefinition stack = database(trial.name(), PASSWORD);
        RunningStack running = trial.up(stack);
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            run(connection, "CREATE TABLE goods AS SELECT 1 AS id");
            Backup earlier = backup(stack);
            connection.setAutoCommit(false);
            run(connection, "LOCK TABLE goods IN ACCESS EXCLUSIVE MODE");
            try (BackupProcess process = BackupProcess.begin(trial, "backup", PASSWORD)) {
                process.awaitLine("db.roles.sql");
                awaitWaiting(running, "relation");

                process.kill();
            }
            connection.rollback();

            assertThat(Backup.in(shelf())).containsExactly(earlier);
            assertThat(earlier.problems()).isEmpty();
        }

        Backup later = backup(stack);

        try (Stream<Path> entries = Files.list(shelf())) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .as("the killed one's rest is gone")
                    .hasSize(2)
                    .contains(later.name());
        }
    }

    /** Wait until somebody waits for the lock in the database shop. */
    private static void awaitWaiting(RunningStack running, String event) {
        Awaitility.await().atMost(Duration.ofMinutes(10)).ignoreExceptions().until(() -> {
            try (Connection connection = connect(running, "shop", PASSWORD)) {
                return !ask(
                                connection,
                                "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND wait_event = '"
                                        + event + "'")
                        .isEmpty();
            }
        });
    }

    @Test
    @Row("backup.interrupted")
    void restoreWhenItIsKilledInTheMiddleLeavesWhatWasThere() throws Exception {
        StackDefinition stack = database(trial.name(), PASSWORD);
        RunningStack running = trial.up(stack);
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            // a row that never arrives in a database of another name
            run(
                    connection,
                    "CREATE FUNCTION arrives() RETURNS boolean LANGUAGE sql AS"
                            + " $$SELECT CASE WHEN current_database() = 'shop' THEN true"
                            + " ELSE pg_sleep(3600)::text IS NOT NULL END$$",
                    "CREATE TABLE goods (id int CHECK (public.arrives()))",
                    "INSERT INTO goods VALUES (1)");
            Backup slow = backup(stack);
            run(connection, "ALTER TABLE goods DROP CONSTRAINT goods_check", "INSERT INTO goods VALUES (2)");
            Backup quick = backup(stack);
            run(connection, "INSERT INTO goods VALUES (3)");

            try (BackupProcess process = BackupProcess.begin(
                    trial, "restore", PASSWORD, slow.directory().toString())) {
                awaitSleeping(running);
                process.kill();
            }

            assertThat(ask(connection, "SELECT id FROM goods ORDER BY id")).isEqualTo("1\n2\n3");

            restore(stack, quick);
        }
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            assertThat(ask(connection, "SELECT id FROM goods ORDER BY id")).isEqualTo("1\n2");
            assertThat(ask(connection, "SELECT datname FROM pg_database WHERE datname ~ 'withstack'"))
                    .as("what the killed one put beside is gone")
                    .isEmpty();
        }
    }

    private static void awaitSleeping(RunningStack running) {
        Awaitility.await().atMost(Duration.ofMinutes(10)).ignoreExceptions().until(() -> {
            try (Connection connection = connect(running, "shop", PASSWORD)) {
                return !ask(connection, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                        .isEmpty();
            }
        });
    }

    @Test
    @Row("backup.killed-switch")
    void restoreWhenItIsKilledInTheSwitchIsToldOfAndTheSameOneFinishesIt() throws Exception {
        StackDefinition stack = objects(trial.name());
        RunningStack running = trial.up(stack);
        try (S3Client s3 = s3(running)) {
            s3.createBucket(bucket -> bucket.bucket("things"));
            put(s3, "saved");
            Map<String, String> saved = image(s3);
            Backup backup = backup(stack);
            put(s3, "later");

            try (BackupProcess process = BackupProcess.begin(
                    trial, "restore-objects", PASSWORD, backup.directory().toString())) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(10))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> text(s3, 0).equals("saved 0"));
                process.kill();
            }

            assertThat(text(s3, OBJECTS - 1)).isEqualTo("later " + (OBJECTS - 1));
            assertThat(UnfinishedRestore.of(trial.state(), stack.id()))
                    .singleElement()
                    .satisfies(unfinished -> {
                        assertThat(unfinished.services()).containsExactly("store");
                        assertThat(unfinished.backup()).isEqualTo(backup.directory());
                    });
            assertThat(trial.isRunning("reader")).isFalse();

            trial.up(stack);

            assertThat(trial.heard())
                    .anyMatch(event -> event instanceof StackEvent.Notice notice
                            && notice.text().contains("did not come to its end"));
            assertThat(trial.isRunning("reader")).isTrue();

            restore(stack, backup);

            assertThat(image(s3)).isEqualTo(saved);
            assertThat(UnfinishedRestore.of(trial.state(), stack.id())).isEmpty();
        }
    }

    private static void put(S3Client s3, String word) {
        for (int i = 0; i < OBJECTS; i++) {
            String text = word + " " + i;
            String key = key(i);
            s3.putObject(put -> put.bucket("things").key(key), RequestBody.fromString(text));
        }
    }

    private static String text(S3Client s3, int number) {
        return s3.getObjectAsBytes(get -> get.bucket("things").key(key(number))).asUtf8String();
    }

    /** Return a name by which they are listed in the order of their numbers. */
    private static String key(int number) {
        return "%05d".formatted(number);
    }
}
