package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTests {

    @Test
    void criticalPathWhenServicesWaitedForOthersIsTheChainThatDecided() {
        Timeline timeline = timeline(
                entry("redis", 0, 300),
                entry("postgres", 0, 3400),
                entry("api", 3400, 4000, "redis", "postgres"),
                entry("web", 4000, 4100, "api"),
                entry("lone", 0, 900));

        assertThat(timeline.criticalPath())
                .extracting(Timeline.Entry::service)
                .containsExactly("postgres", "api", "web");
        assertThat(timeline.criticalPath())
                .extracting(Timeline.Entry::took)
                .containsExactly(Duration.ofMillis(3400), Duration.ofMillis(600), Duration.ofMillis(100));
    }

    @Test
    void criticalPathWhenNothingWasWaitedForIsTheSlowestAlone() {
        assertThat(timeline(entry("a", 0, 100), entry("b", 0, 200), entry("c", 0, 150))
                        .criticalPath())
                .extracting(Timeline.Entry::service)
                .containsExactly("b");
    }

    @Test
    void criticalPathWhenSeveralAreReadyAtOnceIsTheLongestChain() {
        assertThat(timeline(entry("a", 0, 100), entry("b", 100, 100, "a")).criticalPath())
                .extracting(Timeline.Entry::service)
                .containsExactly("a", "b");
    }

    @Test
    void criticalPathWhenOneWaitedForIsNotPartOfTheRunPassesItOver() {
        assertThat(timeline(entry("b", 100, 200, "gone")).criticalPath())
                .extracting(Timeline.Entry::service)
                .containsExactly("b");
    }

    @Test
    void criticalPathWhenNothingWasDoneIsEmpty() {
        assertThat(timeline().criticalPath()).isEmpty();
    }

    private static Timeline timeline(Timeline.Entry... entries) {
        Map<String, Timeline.Entry> byName = new LinkedHashMap<>();
        Duration total = Duration.ZERO;
        for (Timeline.Entry entry : entries) {
            byName.put(entry.service(), entry);
            total = entry.ready().compareTo(total) > 0 ? entry.ready() : total;
        }
        return new Timeline(byName, total);
    }

    private static Timeline.Entry entry(String service, long started, long ready, String... waitedFor) {
        return new Timeline.Entry(service, List.of(waitedFor), Duration.ofMillis(started), Duration.ofMillis(ready));
    }
}
