package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.coverage.Row;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Databases that begin with what was kept of one that began alike. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class InitialDataIT {
    private static final UpOptions KEPT_FIRST = UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST);
    private static final String SKIPPING = "Skipping initialization";

    @RegisterExtension
    final Trial trial = new Trial();

    /** A database that no other test's is like. */
    private Postgres postgres(String script) {
        return Postgres.service("db")
                .anyHostPort("")
                .database("shop")
                .password(Value.secret("of " + trial.name()))
                .initScript("10-goods.sql", Value.text(script));
    }

    private static String goods(String first) {
        return "CREATE TABLE goods (name text); INSERT INTO goods VALUES ('" + first + "');";
    }

    @Test
    @Row("initial.same")
    @Row("initial.changed")
    void resetWhenADatabaseBeginsAlikeBeginsWithWhatWasKept() throws SQLException {
        StackDefinition definition = trial.stack(postgres(goods("bread")).data("data"));
        insert(trial.up(definition), "butter");

        trial.engine().reset(definition, List.of(), KEPT_FIRST, trial::hear);

        assertThat(plannedSteps()).contains("keep the initial data of db", filled());
        RunningStack running = trial.engine().attach(definition);
        assertThat(goods(running)).containsExactly("bread");
        assertThat(running.service("db").logTail(50)).anyMatch(line -> line.contains(SKIPPING));
        insert(running, "butter");

        trial.engine().destroy(definition.id(), event -> {});
        assertThat(goods(trial.up(definition))).as("once more").containsExactly("bread");
        assertThat(plannedSteps()).contains(filled()).doesNotContain("keep the initial data of db");

        trial.engine().destroy(definition.id(), event -> {});
        assertThat(goods(trial.up(trial.stack(postgres(goods("salt")).data("data")))))
                .as("with another script")
                .containsExactly("salt");
        assertThat(plannedSteps()).contains("create volume " + trial.name() + "_data");
    }

    @Test
    @Row("initial.apart")
    void startWhenTwoBeginWithTheSameKeepsThemApartAndLeavesNothing() throws SQLException {
        StackDefinition definition = StackDefinition.of(trial.name(), Environment.TEST)
                .add(postgres(goods("bread")).data("data"))
                .build();
        try (RunningStack one = start(definition);
                RunningStack other = start(definition)) {
            insert(one, "butter");

            assertThat(goods(other)).containsExactly("bread");
            assertThat(List.of(one, other)).allMatch(running -> running.service("db").logTail(50).stream()
                    .anyMatch(line -> line.contains(SKIPPING)));
        }
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("initial.half")
    void upWhenAnEarlierStartWasKilledWhileItCopiedBeginsAnew() throws SQLException {
        String volume = trial.name() + "_data";
        trial.docker("volume", "create", "--label", "dev.withstack.stack=" + trial.name(), volume);
        trial.docker("volume", "create", "--label", "dev.withstack.stack=" + trial.name(), volume + ".unfinished");
        trial.docker(
                "run",
                "--rm",
                "--network",
                "none",
                "--label",
                trial.label(),
                "-v",
                volume + ":/data",
                image(),
                "bash",
                "-c",
                "echo 16 > /data/PG_VERSION");

        assertThat(goods(trial.up(trial.stack(postgres(goods("bread")).data("data")))))
                .containsExactly("bread");
        assertThat(trial.leftovers()).doesNotContain("volume " + volume + ".unfinished");
    }

    @Test
    @Row("initial.killed")
    void startWhenAnotherWasKilledWhileItKeptSweepsAndBegins() throws Exception {
        try (OtherProcess other = OtherProcess.begin(trial, OtherProcess.KEEPING)) {
            other.awaitLine("StepStarted keep the initial data of db");
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> trial.leftovers().stream()
                    .anyMatch(one -> one.contains("-first-")));
            other.kill();
        }

        StackDefinition definition = StackDefinition.of(trial.name(), Environment.TEST)
                .add(postgres(goods("bread")))
                .build();
        try (RunningStack running = start(definition)) {
            assertThat(goods(running)).containsExactly("bread");
        }
        assertThat(trial.leftovers()).isEmpty();
    }

    private RunningStack start(StackDefinition definition) {
        return Stacks.start(definition, Selection.all(), trial.open(TrialImages.policy()), trial::hear);
    }

    private static String image() {
        return TrialImages.local("debian:bookworm");
    }

    private String filled() {
        return "create volume " + trial.name() + "_data with kept initial data";
    }

    /** Return the steps of all plans since the last up. */
    private List<String> plannedSteps() {
        return trial.heard(StackEvent.Planned.class).stream()
                .flatMap(planned -> planned.plan().steps().stream())
                .map(planned -> planned.step().text())
                .toList();
    }

    private Connection connect(RunningStack running) throws SQLException {
        HostAndPort at = running.service("db").address();
        return DriverManager.getConnection("jdbc:postgresql://" + at + "/shop", "postgres", "of " + trial.name());
    }

    private void insert(RunningStack running, String name) throws SQLException {
        try (Connection connection = connect(running);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO goods VALUES ('" + name + "')");
        }
    }

    private List<String> goods(RunningStack running) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = connect(running);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM goods")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
