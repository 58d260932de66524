package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartMemoryTests {
    private static final StackId SHOP = StackId.of("shop", Environment.DEV);

    @TempDir
    private Path state;

    @Test
    void recallWhenNothingWasStartedIsEmpty() {
        assertThat(StartTimes.ofLast(state, SHOP)).isEmpty();
    }

    @Test
    void recallWhenAStartIsRememberedGivesItInItsOrder() {
        StartTimes times = times(Set.of("api"));

        new StartMemory(state, SHOP).remember(times);

        assertThat(StartTimes.ofLast(state, SHOP)).contains(times);
        assertThat(StartTimes.ofLast(state, SHOP)
                        .orElseThrow()
                        .timeline()
                        .entries()
                        .keySet())
                .containsExactly("db", "api");
    }

    @Test
    void rememberWhenNothingWasStartedKeepsTheLastStart() {
        new StartMemory(state, SHOP).remember(times(Set.of("api")));

        new StartMemory(state, SHOP).remember(times(Set.of()));

        assertThat(StartTimes.ofLast(state, SHOP).orElseThrow().started()).containsExactly("api");
    }

    @Test
    void rememberWhenItIsATestLeavesNothingBehind() throws IOException {
        new StartMemory(state, new StackId("shop", Environment.TEST, "one")).remember(times(Set.of("api")));

        try (var files = Files.list(state)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void recallWhenTheFileIsDamagedIsEmpty() throws IOException {
        Files.writeString(state.resolve("shop-dev.start"), "began\tyesterday\n");
        assertThat(StartTimes.ofLast(state, SHOP)).isEmpty();

        Files.writeString(state.resolve("shop-dev.start"), "began\t2026-01-31T12:00:00Z\nstarted\tdb\n");
        assertThat(StartTimes.ofLast(state, SHOP)).isEmpty();
    }

    private static StartTimes times(Set<String> started) {
        Map<String, Timeline.Entry> entries = new LinkedHashMap<>();
        entries.put("db", new Timeline.Entry("db", List.of(), Duration.ofMillis(1), Duration.ofMillis(2)));
        entries.put(
                "api", new Timeline.Entry("api", List.of("db", "cache"), Duration.ofMillis(2), Duration.ofMillis(9)));
        return new StartTimes(
                Instant.parse("2026-01-31T12:00:00Z"),
                Map.of("api", new StartTimes.Span(Duration.ZERO, Duration.ofSeconds(3))),
                started,
                new Timeline(entries, Duration.ofMillis(9)));
    }
}
