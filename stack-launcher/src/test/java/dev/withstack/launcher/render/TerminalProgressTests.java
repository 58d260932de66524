package dev.withstack.launcher.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.Timeline;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.Style;
import dev.withstack.launcher.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalProgressTests {
    private static final Instant BEGINNING = Instant.parse("2026-01-31T12:00:00Z");
    private static final PlannedStep CREATE_DB =
            new PlannedStep(1, new Step.CreateContainer("db"), "not found", List.of());
    private static final PlannedStep START_DB =
            new PlannedStep(2, new Step.StartContainer("db"), "not found", List.of(1));
    private static final PlannedStep AWAIT_DB = new PlannedStep(3, new Step.AwaitReady("db"), "started", List.of(2));
    private static final PlannedStep CREATE_API =
            new PlannedStep(4, new Step.CreateContainer("api"), "not found", List.of());
    private static final PlannedStep START_API =
            new PlannedStep(5, new Step.StartContainer("api"), "not found", List.of(3, 4));
    private static final PlannedStep AWAIT_API = new PlannedStep(6, new Step.AwaitReady("api"), "started", List.of(5));
    private static final Plan PLAN =
            new Plan(List.of(CREATE_DB, START_DB, AWAIT_DB, CREATE_API, START_API, AWAIT_API), List.of());

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Ticking clock = new Ticking();
    private final Window window = new Window();
    private final TerminalProgress progress = new TerminalProgress(
            new Console(new PrintStream(out, false, StandardCharsets.UTF_8), System.err, Style.PLAIN, Style.PLAIN),
            window,
            clock);

    @Test
    void drawWhenServicesAreUnderWaySaysWhatEachWaitsForAndWhatItsProbeSaid() {
        startDb();
        progress.accept(new StackEvent.NotReady(clock.now, "db", "connection refused"));
        clock.pass(Duration.ofMillis(1200));

        assertThat(drawn())
                .containsExactly("⠋ db   asking      1.2 s  connection refused", "· api  waiting     1.2 s  for db");
    }

    @Test
    void drawWhenTheTerminalIsNarrowCutsTheLines() {
        startDb();
        progress.accept(new StackEvent.NotReady(clock.now, "db", "connection refused by the server"));
        clock.pass(Duration.ofSeconds(1));
        window.columns = 30;

        assertThat(drawn()).allMatch(line -> line.length() < 30).anyMatch(line -> line.endsWith("…"));
    }

    @Test
    void drawWhenTheTerminalIsLowSaysHowManyAreLeftOut() {
        startDb();
        clock.pass(Duration.ofSeconds(1));
        window.rows = 3;

        assertThat(drawn()).containsExactly("  … and 2 more");
    }

    @Test
    void drawWhenRepeatedGoesBackOverItsOwnLines() {
        startDb();
        clock.pass(Duration.ofSeconds(1));
        progress.draw();
        out.reset();

        progress.draw();

        assertThat(text()).contains("\u001B[2A\r\u001B[J");
    }

    @Test
    void drawWhenTheTerminalWasMadeNarrowerGoesBackOverTheBrokenLinesToo() {
        startDb();
        clock.pass(Duration.ofSeconds(1));
        progress.draw();
        out.reset();
        window.columns = 15;

        progress.draw();

        assertThat(text()).contains("\u001B[5A\r\u001B[J");
    }

    @Test
    void drawWhenItIsOverAtOnceDrawsNothing() {
        startDb();
        clock.pass(Duration.ofMillis(100));
        progress.draw();
        progress.close();

        assertThat(text()).isEmpty();
    }

    @Test
    void drawWhenNothingChangesDrawsNothing() {
        progress.accept(new StackEvent.Planned(
                clock.now,
                new Plan(
                        List.of(new PlannedStep(1, new Step.AwaitReady("db"), "running, unchanged", List.of())),
                        List.of())));
        clock.pass(Duration.ofSeconds(1));
        progress.draw();

        assertThat(text()).isEmpty();
    }

    @Test
    void closeWhenItSucceededRemovesTheTableAndGivesTheCursorBack() {
        startDb();
        clock.pass(Duration.ofSeconds(1));
        progress.draw();
        progress.accept(new StackEvent.Finished(clock.now, new Timeline(Map.of(), Duration.ZERO)));
        out.reset();

        progress.close();

        assertThat(text()).isEqualTo("\u001B[2A\r\u001B[J\u001B[?7h\u001B[?25h");
    }

    @Test
    void closeWhenItFailedLeavesTheLastStateAndGivesTheCursorBack() {
        startDb();
        clock.pass(Duration.ofSeconds(1));
        progress.draw();
        progress.accept(new StackEvent.Failed(
                clock.now,
                new Diagnosis(
                        "db",
                        Diagnosis.Phase.WAITING,
                        Diagnosis.Kind.FAILED,
                        "exited with code 3",
                        "",
                        List.of(),
                        List.of(),
                        List.of())));
        progress.accept(new StackEvent.RolledBack(clock.now, List.of("db", "api"), List.of()));
        out.reset();

        progress.close();

        assertThat(text())
                .contains("✘ db   failed      1.0 s  exited with code 3\n")
                .contains("- api  taken back")
                .endsWith("\u001B[?7h\u001B[?25h");
    }

    @Test
    void acceptWhenSomethingIsToBeSaidSaysItAboveTheTable() {
        startDb();
        clock.pass(Duration.ofSeconds(1));
        progress.draw();
        out.reset();
        progress.accept(new StackEvent.Notice(clock.now, "Waiting for pid 4711"));

        assertThat(text()).isEqualTo("\u001B[2A\r\u001B[J\u001B[?7h\u001B[?25hWaiting for pid 4711\n");
    }

    private void startDb() {
        progress.accept(new StackEvent.Planned(clock.now, PLAN));
        for (PlannedStep step : List.of(CREATE_DB, CREATE_API, START_DB)) {
            progress.accept(new StackEvent.StepStarted(clock.now, step));
            progress.accept(new StackEvent.StepDone(clock.now, step, Duration.ZERO));
        }
        progress.accept(new StackEvent.StepStarted(clock.now, AWAIT_DB));
    }

    private List<String> drawn() {
        out.reset();
        progress.draw();
        return text().replaceAll("\u001B\\[[0-9?]*[A-Za-z]", "").lines().toList();
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static final class Window implements Terminal {
        private int columns = 80;
        private int rows = 24;

        @Override
        public boolean showsOutput() {
            return true;
        }

        @Override
        public boolean showsErrors() {
            return true;
        }

        @Override
        public boolean canAnswer() {
            return true;
        }

        @Override
        public Size size() {
            return new Size(columns, rows);
        }
    }

    private static final class Ticking extends Clock {
        private Instant now = BEGINNING;

        void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
