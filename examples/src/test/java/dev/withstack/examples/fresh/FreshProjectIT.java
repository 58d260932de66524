package dev.withstack.examples.fresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.Stacks;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maven builds of other people's projects, on the real engine: what their Surefire does to its forks, withstack lives with. */
class FreshProjectIT {
    private static final Pattern FIRST_TEST =
            Pattern.compile("<!-- source: (examples/src/test/java/(\\S+/(\\w+)\\.java)) -->");
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path empty;

    /** The obligation: a new user copies the README's first test into an empty project, and it passes. */
    @Test
    @Row("junit.first-test")
    void firstTestOfTheReadmePassesInAnEmptyProject() throws Exception {
        Matcher shown = FIRST_TEST.matcher(Files.readString(Path.of("..", "README.md")));
        assertThat(shown.find()).isTrue();
        FreshProject project = FreshProject.of("first-test", empty);
        Path test = project.directory().resolve("src/test/java").resolve(shown.group(2));
        Files.createDirectories(test.getParent());
        Files.copy(Path.of("..").resolve(shown.group(1)), test);

        FreshProject.Outcome outcome = project.maven("test", "-Dtest=" + shown.group(3));

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(outcome.output()).contains("Tests run: 6, Failures: 0, Errors: 0, Skipped: 0");
    }

    /** The obligation: a program that is a Java module names the module it needs, and runs. */
    @Test
    @Row("embedded.module-path")
    void programThatIsAModuleRunsItsStack() throws Exception {
        FreshProject project = FreshProject.of("modular", empty);

        FreshProject.Outcome outcome = project.maven("test");

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(outcome.output()).contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
    }

    /** The obligation: of two forks at once each has a stack of its own, and the next two adopt both, as they were. */
    @Test
    @Row("junit.kept-forks")
    void forksOfSurefireKeepAStackEachForTheNextRun() throws Exception {
        FreshProject project = FreshProject.of("forks", empty);
        Set<String> first = Set.of();
        try {
            first = keptBy(project, "first");
            Set<String> second = keptBy(project, "second");

            assertThat(first).hasSize(2);
            assertThat(second).isEqualTo(first);
        } finally {
            try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
                first.forEach(run -> engine.destroy(id(run), event -> {}));
            }
        }
    }

    private Set<String> keptBy(FreshProject project, String run) throws Exception {
        Path notes = Files.createDirectory(empty.resolve(run));
        FreshProject.Outcome outcome =
                project.maven("test", "-Dtest=Kept*Test", "-DforkCount=2", "-DreuseForks=false", "-Dnotes=" + notes);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        return written(notes);
    }

    /** The obligation: however a fork ends, by itself, killed, or with a build that is, nothing is left of what it had started. */
    @Test
    @Row("junit.killed")
    void forksThatEndBeforeTheirTestsDoLeaveNothing() throws Exception {
        FreshProject project = FreshProject.of("forks", empty);
        Path notes = Files.createDirectory(empty.resolve("notes"));

        FreshProject.Outcome ended = project.maven(
                "test", "-Dtest=ExitsTest,KilledTest", "-DforkCount=2", "-DreuseForks=false", "-Dnotes=" + notes);
        assertThat(ended.exitCode()).as(ended.toString()).isNotZero();
        assertThat(ended.output()).contains("The forked VM terminated without");

        Process build = project.begin("test", "-Dtest=HangsTest", "-Dnotes=" + notes);
        Awaitility.await().atMost(LONG).until(() -> Files.exists(notes.resolve("HangsTest")) || !build.isAlive());
        build.destroyForcibly().waitFor();

        Set<String> runs = written(notes);
        assertThat(runs).hasSize(3);
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            for (String run : runs) {
                Awaitility.await(run).atMost(LONG).until(() -> {
                    Observed left = engine.driver().observe(id(run));
                    return left.containers().isEmpty()
                            && left.networks().isEmpty()
                            && left.volumes().isEmpty();
                });
            }
        }
    }

    private static StackId id(String run) {
        return new StackId("fresh-forks", Environment.TEST, run);
    }

    private static Set<String> written(Path notes) throws IOException {
        Set<String> runs = new LinkedHashSet<>();
        try (Stream<Path> files = Files.list(notes)) {
            for (Path file : files.sorted().toList()) {
                runs.add(Files.readString(file));
            }
        }
        return runs;
    }
}
