package dev.withstack.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class CoverageListenerTests {

    @TempDir
    private Path directory;

    private Path page;

    @BeforeEach
    void writeObligations() throws IOException {
        page = directory.resolve("coverage.md");
        Files.writeString(
                directory.resolve("obligations.md"),
                """
                | `x.passes` | Passes. |
                | `x.fails` | Fails. |
                | `x.shared` | Is held by two. |
                | `x.whole-class` | Is held by a class. |
                | `x.gap` | Is held by none. |
                """);
    }

    @Test
    void pageWhenTestsRanShowsEachRowWithItsTestsAndTheGaps() throws IOException {
        run(Optional.of(page), Sample.class);

        assertThat(Files.readString(page))
                .endsWith(
                        """

                        5 obligations: 1 held by tests that passed, 3 with a test that did not pass or run, 1 gaps.

                        | id | obligation | test | result |
                        |---|---|---|---|
                        | `x.passes` | Passes. | `coverage.CoverageListenerTests.Sample.passes` | passed |
                        | `x.fails` | Fails. | `coverage.CoverageListenerTests.Sample.failsForOneValue` | **failed** |
                        | `x.shared` | Is held by two. | `coverage.CoverageListenerTests.Sample.Inner.isAborted`<br>`coverage.CoverageListenerTests.Sample.passes` | skipped<br>passed |
                        | `x.whole-class` | Is held by a class. | `coverage.CoverageListenerTests.Sample.Inner.isAborted`<br>`coverage.CoverageListenerTests.Sample.failsForOneValue`<br>`coverage.CoverageListenerTests.Sample.passes` | skipped<br>**failed**<br>passed |
                        | `x.gap` | Is held by none. | | **GAP** |
                        """);
    }

    @Test
    void pageWhenAClassCannotBePreparedShowsItsTestsAsFailed() throws IOException {
        run(Optional.of(page), Unprepared.class);

        assertThat(rowOf("x.passes"))
                .endsWith("| `coverage.CoverageListenerTests.Unprepared.neverRuns` | **failed** |");
    }

    @Test
    void pageWhenTheSameTestsRunAgainIsTheSame() throws IOException {
        run(Optional.of(page), Sample.class, Unprepared.class);
        String first = Files.readString(page);

        run(Optional.of(page), Unprepared.class, Sample.class);

        assertThat(Files.readString(page)).isEqualTo(first);
    }

    @Test
    void pageWhenModulesRunOneAfterTheOtherHasTheTestsOfAll() throws IOException {
        run("one", Optional.of(page), Sample.class);
        run("two", Optional.of(page), Unprepared.class);

        assertThat(rowOf("x.passes"))
                .endsWith(
                        "| `coverage.CoverageListenerTests.Sample.passes`<br>`coverage.CoverageListenerTests.Unprepared.neverRuns` |"
                                + " passed<br>**failed** |");
    }

    @Test
    void pageWhenAModuleIsWithinAnotherHasTheTestsOfAll() throws IOException {
        Files.createFile(directory.resolve("pom.xml"));
        run("one", Optional.of(page), Sample.class);
        run("two/within", Optional.of(page), Unprepared.class);
        assertThat(rowOf("x.passes")).contains("Sample.passes", "Unprepared.neverRuns");

        run("one", Optional.of(page), Sample.class);

        assertThat(rowOf("x.passes")).contains("Sample.passes", "Unprepared.neverRuns");
    }

    @Test
    void pageWhenOnlyPartOfTheSuiteRunsIsLeftAlone() throws IOException {
        Files.writeString(page, "of the whole suite");

        run(Optional.empty(), Sample.class);

        assertThat(page).hasContent("of the whole suite");
    }

    @Test
    void pageWhenNoTestClaimsARowIsLeftAlone() throws IOException {
        Files.writeString(page, "of the whole suite");

        run(Optional.of(page), Unclaimed.class);

        assertThat(page).hasContent("of the whole suite");
    }

    @Test
    void pageWhenATestNeverRanSaysSo() {
        var coverage = new Coverage();
        coverage.claims("SampleIT.first", "x.passes");

        assertThat(coverage.render(List.of(new Obligation("x.passes", "Passes."))))
                .endsWith("| `x.passes` | Passes. | `SampleIT.first` | not run |\n");
    }

    private String rowOf(String id) throws IOException {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.filter(line -> line.startsWith("| `" + id + "`"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void run(Optional<Path> page, Class<?>... classes) {
        run("module", page, classes);
    }

    private void run(String moduleName, Optional<Path> page, Class<?>... classes) {
        Path module = directory.resolve(moduleName);
        var request = LauncherDiscoveryRequestBuilder.request();
        Stream.of(classes).forEach(type -> request.selectors(selectClass(type)));
        var config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(new CoverageListener(page, module))
                .build();
        LauncherFactory.create(config).execute(request.build());
    }

    @Row("x.whole-class")
    static class Sample {

        @Test
        @Row("x.passes")
        @Row("x.shared")
        void passes() {}

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        @Row("x.fails")
        void failsForOneValue(int value) {
            assertThat(value).isNotEqualTo(2);
        }

        @Nested
        class Inner {

            @Test
            @Row("x.shared")
            void isAborted() {
                Assumptions.abort("to see how it is shown");
            }
        }
    }

    static class Unprepared {

        @BeforeAll
        static void fail() {
            throw new IllegalStateException("to see how it is shown");
        }

        @Test
        @Row("x.passes")
        void neverRuns() {}
    }

    static class Unclaimed {

        @Test
        void claimsNothing() {}
    }
}
