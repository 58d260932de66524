package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.data.Migrations;
import dev.withstack.core.data.Migrations.Migration;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SQL files that change a database: each once, in order, whole or not at all. */
@Timeout(1800)
@Execution(ExecutionMode.CONCURRENT)
class MigrationsIT {
    private static final String PASSWORD = "shop-password";

    @RegisterExtension
    final Trial trial = new Trial();

    private StackDefinition stack() {
        Postgres db = BackupIT.postgres(PASSWORD);
        return trial.stack(db.copy("migrations/0001.sql", "/docker-entrypoint-initdb.d/0001.sql"));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(
                Files.createDirectories(trial.project().resolve("migrations")).resolve(name), content);
    }

    private Migrations migrations() {
        return new Migrations(
                trial.engine().driver(),
                stack(),
                "db",
                trial.project(),
                trial.project().resolve("migrations"));
    }

    private List<String> apply() throws InterruptedException {
        return migrations().apply(told(line -> {}));
    }

    /** Tells the names of those applied, and what is waited for. */
    static Migrations.Progress told(Consumer<String> ear) {
        return new Migrations.Progress() {
            @Override
            public void applied(String file) {
                ear.accept(file);
            }

            @Override
            public void waiting(String text) {
                ear.accept(text);
            }
        };
    }

    private static List<String> ask(RunningStack running, String question) throws SQLException {
        HostAndPort at = running.service("db").address();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://" + at + "/shop", "shop", PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            List<String> answers = new ArrayList<>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        }
    }

    @Test
    @Row("migrate.once")
    @Row("migrate.altered")
    @Row("migrate.whole")
    void applyWhenFilesAreAddedAppliesEachOnceAndRefusesWhatWasAltered() throws Exception {
        file("0001.sql", "CREATE TABLE goods (id int); INSERT INTO goods VALUES (1);");
        RunningStack running = trial.up(stack());
        file("0003.sql", "INSERT INTO goods SELECT max(id) * 3 FROM goods -- no semicolon");
        Path second =
                file("0002.sql", "ALTER TABLE goods ADD name text DEFAULT 'it''s';\nINSERT INTO goods VALUES (2);");
        file("notes.txt", "not SQL");

        assertThat(apply()).containsExactly("0002.sql", "0003.sql");
        assertThat(apply()).as("each once").isEmpty();
        assertThat(ask(running, "SELECT id || name FROM goods ORDER BY id")).containsExactly("1it's", "2it's", "6it's");
        assertThat(migrations().list()).extracting(Migration::file).containsExactly("0001.sql", "0002.sql", "0003.sql");

        file("0004.sql", "INSERT INTO goods VALUES (4);\nINSERT INTO nowhere VALUES (1);");
        file("0005.sql", "INSERT INTO goods VALUES (5);");
        assertThatThrownBy(this::apply)
                .hasMessageStartingWith("0004.sql was not applied, nor any after it: ")
                .hasMessageContaining("relation \"nowhere\" does not exist");
        assertThat(ask(running, "SELECT id FROM goods ORDER BY id")).containsExactly("1", "2", "6");
        file("0004.sql", "INSERT INTO goods VALUES (4);\nCOMMIT;\nSELECT 1 / 0;");
        assertThatThrownBy(this::apply).hasMessage("0004.sql begins or ends a transaction of its own.");
        file("0004.sql", "INSERT INTO goods VALUES (4);");
        assertThat(apply()).containsExactly("0004.sql", "0005.sql");

        String before = Files.readString(second);
        Files.writeString(second, before + "\n-- altered");
        file("0006.sql", "INSERT INTO goods VALUES (7);");
        assertThatThrownBy(this::apply)
                .hasMessageStartingWith("0002.sql was applied at ")
                .hasMessageEndingWith(", and was altered since. Nothing was touched.");
        Files.writeString(second, before);
        Path early = file("0000.sql", "SELECT 1;");
        assertThatThrownBy(this::apply)
                .hasMessage("0000.sql is not applied, and comes before 0001.sql, which is. Nothing was touched.");
        Files.delete(early);
        assertThat(ask(running, "SELECT count(*) FROM goods WHERE id = 7")).containsExactly("0");
        assertThat(apply()).containsExactly("0006.sql");
    }

    @Test
    @Row("migrate.whole")
    @Row("migrate.killed")
    void applyWhenItIsKilledInTheMiddleLeavesNothingOfTheFileAndTheNextWaitsForItAndGoesOn() throws Exception {
        file("0001.sql", "CREATE TABLE goods (id int);");
        RunningStack running = trial.up(stack());
        file("0002.sql", "INSERT INTO goods VALUES (2);");
        Path third = file("0003.sql", "INSERT INTO goods VALUES (3);\nSELECT pg_sleep(3600);");
        try (BackupProcess process = BackupProcess.begin(
                trial, "migrate", PASSWORD, third.getParent().toString())) {
            process.awaitLine("0002.sql");
            awaitRows(running, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            process.kill();
        }

        assertThat(ask(running, "SELECT id FROM goods")).containsExactly("2");
        Files.writeString(third, "INSERT INTO goods VALUES (33);");
        Queue<String> told = new ConcurrentLinkedQueue<>();
        CompletableFuture<List<String>> next =
                CompletableFuture.supplyAsync(() -> unchecked(() -> migrations().apply(told(told::add))));
        Awaitility.await().atMost(Duration.ofMinutes(10)).until(() -> !told.isEmpty());
        assertThat(told)
                .singleElement(STRING)
                .startsWith("Somebody else is migrating this database, and is waited for (its process there: ");
        // the end of what the killed one had asked for; its file would have been committed next
        ask(running, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");

        assertThat(next.get(10, TimeUnit.MINUTES)).containsExactly("0003.sql");
        assertThat(ask(running, "SELECT id FROM goods ORDER BY id")).containsExactly("2", "33");
    }

    @Test
    @Row("migrate.killed")
    void applyWhenItIsKilledAfterTheServerHasTheWholeFileIsTakenBackAllTheSame() throws Exception {
        file("0001.sql", "CREATE TABLE goods (id int);");
        RunningStack running = trial.up(stack());
        Path second = file("0002.sql", "INSERT INTO goods VALUES (2);\nSELECT pg_sleep(5);");
        try (BackupProcess process = BackupProcess.begin(
                trial, "migrate", PASSWORD, second.getParent().toString())) {
            awaitRows(running, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
            process.kill();
        }
        Awaitility.await().atMost(Duration.ofMinutes(10)).until(() -> ask(
                        running, "SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
                .isEmpty());

        assertThat(ask(running, "SELECT id FROM goods")).isEmpty();
        assertThat(migrations().list())
                .extracting(Migration::applied)
                .last(STRING)
                .isEmpty();
    }

    @Test
    @Row("migrate.once")
    void applyWhenTwoDoItAtOnceAppliesEachFileOnce() throws Exception {
        file("0001.sql", "CREATE TABLE goods (id int);");
        RunningStack running = trial.up(stack());
        file("0002.sql", "INSERT INTO goods VALUES (2);\nSELECT pg_sleep(3);");
        file("0003.sql", "INSERT INTO goods VALUES (3);");

        List<CompletableFuture<List<String>>> both = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> unchecked(this::apply)))
                .limit(2)
                .toList();

        List<String> applied = new ArrayList<>();
        for (CompletableFuture<List<String>> one : both) {
            applied.addAll(one.get(10, TimeUnit.MINUTES));
        }
        assertThat(applied).containsExactlyInAnyOrder("0002.sql", "0003.sql");
        assertThat(ask(running, "SELECT id FROM goods ORDER BY id")).containsExactly("2", "3");
    }

    private static void awaitRows(RunningStack running, String question) {
        Awaitility.await().atMost(Duration.ofMinutes(10)).ignoreExceptions().until(() -> !ask(running, question)
                .isEmpty());
    }

    private static <T> T unchecked(Callable<T> call) {
        try {
            return call.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
