package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootMemoryTests {
    private static final StackId SHOP = StackId.of("shop", Environment.DEV);

    @TempDir
    private Path state;

    @Test
    void recallWhenNothingWasLearntIsEmpty() {
        assertThat(new BootMemory(state, SHOP).recall(starting("db", "cache"))).isEmpty();
    }

    @Test
    void learnWhenAServiceWasNotStartedKeepsWhatIsKnownOfIt() {
        BootMemory memory = new BootMemory(state, SHOP);
        memory.learn(timeline(Map.of("db", 3000, "cache", 200)), starting("db", "cache"));
        memory.learn(timeline(Map.of("db", 5, "cache", 300)), starting("cache"));

        assertThat(memory.recall(starting("db", "cache")))
                .containsOnly(Map.entry("db", Duration.ofMillis(3000)), Map.entry("cache", Duration.ofMillis(300)));
    }

    @Test
    void recallWhenTheFileIsDamagedIsEmpty() throws IOException {
        Files.writeString(state.resolve("shop-dev.boots"), "db=PT3S\nnonsense\n");

        assertThat(new BootMemory(state, SHOP).recall(starting("db", "cache"))).isEmpty();
    }

    @Test
    void recallWhenTheStackRunsUnderATestKnowsItsOtherRuns() {
        new BootMemory(state, new StackId("shop", Environment.TEST, "one"))
                .learn(timeline(Map.of("db", 3000)), starting("db"));

        assertThat(new BootMemory(state, new StackId("shop", Environment.TEST, "two")).recall(starting("db")))
                .containsKey("db");
    }

    /** A database is made first on a new volume, which takes most of its first start. */
    @Test
    void recallWhenVolumesAreNewKnowsAnotherTimeThanWhenTheyAreThere() {
        BootMemory memory = new BootMemory(state, SHOP);
        memory.learn(timeline(Map.of("db", 3000)), onNewVolume("db"));
        memory.learn(timeline(Map.of("db", 600)), starting("db"));

        assertThat(memory.recall(onNewVolume("db"))).containsEntry("db", Duration.ofMillis(3000));
        assertThat(memory.recall(starting("db"))).containsEntry("db", Duration.ofMillis(600));
    }

    private static Plan onNewVolume(String service) {
        return new Plan(
                List.of(
                        new PlannedStep(1, new Step.CreateVolume(service, "shop_data", ""), "not found", List.of()),
                        new PlannedStep(2, new Step.StartContainer(service), "not found", List.of(1))),
                List.of());
    }

    private static Timeline timeline(Map<String, Integer> millis) {
        return new Timeline(
                millis.entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> new Timeline.Entry(
                                        entry.getKey(),
                                        List.of(),
                                        Duration.ZERO,
                                        Duration.ofMillis(entry.getValue())))),
                Duration.ofSeconds(5));
    }

    private static Plan starting(String... services) {
        return new Plan(
                java.util.Arrays.stream(services)
                        .map(service -> new PlannedStep(1, new Step.StartContainer(service), "not found", List.of()))
                        .toList(),
                List.of());
    }
}
