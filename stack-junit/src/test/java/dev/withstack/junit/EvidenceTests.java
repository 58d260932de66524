package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.withstack.core.engine.RunningService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** What a failed test says of its stack, and leaves behind. */
class EvidenceTests {

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "till")
    static class Mixed {
        @Test
        void passes() {}

        @Test
        void isSkipped() {
            Assumptions.abort("not today");
        }

        @Test
        void fails(@ServiceEndpoint("till") RunningService till) {
            till.kill();
            Assertions.fail("the till is dead");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void failsAtTwo(int number) {
            assertThat(number).isEqualTo(1);
        }
    }

    @Test
    void failureWhenATestFailsCarriesWhatTheServicesWereDoing(@TempDir Path directory) {
        Throwable failure = run(directory, "failed").failed().stream()
                .filter(event -> event.getTestDescriptor().getDisplayName().startsWith("fails("))
                .map(EvidenceTests::failureOf)
                .findFirst()
                .orElseThrow();

        assertThat(failure).hasMessage("the till is dead");
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.getSuppressed()[0].getMessage())
                .isEqualTo("the stack was in this state:\n"
                        + "  orders: running, ready\n"
                        + "  till: exited with 137, not ready: it does not run\n"
                        + "    | first\n    | second\n    | third\n"
                        + "  logs of this test, timeline and state: "
                        + directory.resolve("EvidenceTests_Mixed").resolve("fails"));
    }

    @Test
    void logsWhenATestFailsAreWrittenForItAlone(@TempDir Path directory) throws Exception {
        Events unused = run(directory, "failed");

        Path ofClass = directory.resolve("EvidenceTests_Mixed");
        assertThat(namesIn(ofClass)).containsExactly("fails", "failsAtTwo-2");
        assertThat(namesIn(ofClass.resolve("fails")))
                .containsExactly("orders.log", "state.txt", "till.log", "timeline.txt");
        assertThat(ofClass.resolve("fails").resolve("till.log")).content().contains("third");
        assertThat(ofClass.resolve("fails").resolve("timeline.txt")).content().contains("waited for orders");
    }

    @Test
    void logsWhenTheyAreAskedForAreWrittenForEachTest(@TempDir Path directory) throws Exception {
        Events unused = run(directory, "always");

        assertThat(namesIn(directory.resolve("EvidenceTests_Mixed")))
                .containsExactly("fails", "failsAtTwo-1", "failsAtTwo-2", "isSkipped", "passes");
    }

    @Test
    void logsWhenTheyAreNotWantedAreNotWritten(@TempDir Path directory) throws Exception {
        Events unused = run(directory, "never");

        assertThat(namesIn(directory)).isEmpty();
    }

    private static List<String> namesIn(Path directory) throws Exception {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Throwable failureOf(Event event) {
        return event.getPayload(TestExecutionResult.class)
                .flatMap(TestExecutionResult::getThrowable)
                .orElseThrow();
    }

    private static Events run(Path directory, String logs) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .configurationParameter("withstack.logs", logs)
                .configurationParameter("withstack.logs.directory", directory.toString())
                .selectors(selectClass(Mixed.class))
                .execute()
                .testEvents();
    }
}
