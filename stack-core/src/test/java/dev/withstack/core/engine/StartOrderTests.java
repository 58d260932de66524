package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StartOrderTests {
    private final Service cache = service("cache", 1);
    private final Service database = service("database", 3);
    private final Service files = service("files", 2);
    private final Service app = service("app", 4).needs(cache);

    private final Plan plan = new Plan(
            List.of(
                    planned(1, new Step.CreateContainer("cache")),
                    planned(2, new Step.StartContainer("cache"), 1),
                    planned(3, new Step.AwaitReady("cache"), 2),
                    planned(4, new Step.CreateContainer("database")),
                    planned(5, new Step.StartContainer("database"), 4),
                    planned(6, new Step.CreateContainer("files")),
                    planned(7, new Step.StartContainer("files"), 6),
                    planned(8, new Step.CreateContainer("app")),
                    planned(9, new Step.StartContainer("app"), 3, 8)),
            List.of());

    private static final Set<Integer> ALL_CREATED = Set.of(1, 4, 6, 8);

    @Test
    void nextWhenSeveralCouldStartBeginsWithTheLongestWayToTheEnd() {
        assertThat(next(order(1, Map.of()), Set.of(), ALL_CREATED))
                .as("cache takes 1 s, but app takes 4 s behind it")
                .containsExactly("cache");
        assertThat(next(order(3, Map.of()), Set.of(), ALL_CREATED)).containsExactly("cache", "database", "files");
    }

    @Test
    void nextWhenServicesTookOtherTimesBeforeGoesByThose() {
        Map<String, Duration> measured = Map.of("files", Duration.ofSeconds(9), "cache", Duration.ofMillis(10));

        assertThat(next(order(4, measured), Set.of(), ALL_CREATED)).containsExactly("files", "cache", "database");
    }

    @Test
    void atOnceWhenFewAreToComeLeavesTheProcessorsToTheirBootsAndElseGrowsWithThem() {
        assertThat(StartOrder.atOnce(starts(1), 1)).isEqualTo(1);
        assertThat(StartOrder.atOnce(starts(13), 2)).isEqualTo(1);
        assertThat(StartOrder.atOnce(starts(13), 8)).isEqualTo(4);
        assertThat(StartOrder.atOnce(starts(50), 2)).isEqualTo(6);
        assertThat(StartOrder.atOnce(starts(200), 2)).isEqualTo(8);
    }

    private static Plan starts(int number) {
        return new Plan(
                IntStream.rangeClosed(1, number)
                        .mapToObj(one -> planned(one, new Step.StartContainer("idle-" + one)))
                        .toList(),
                List.of());
    }

    @Test
    void nextWhenAsManyAreUnderWayAsMayBeBeginsNone() {
        assertThat(next(order(1, Map.of()), Set.of(2), ALL_CREATED)).isEmpty();
        assertThat(next(order(2, Map.of()), Set.of(2), ALL_CREATED)).containsExactly("database");
    }

    @Test
    void nextWhenTheMostUrgentIsBeingCreatedWaitsForIt() {
        assertThat(next(order(1, Map.of()), Set.of(), Set.of(4, 6, 8))).isEmpty();
    }

    @Test
    void nextWhenAMoreUrgentOneWaitsForReadinessStartsTheOthers() {
        Map<String, Duration> slowApp = Map.of("app", Duration.ofMinutes(1));

        assertThat(next(order(1, slowApp), Set.of(2), Set.of(1, 2, 4, 6, 8)))
                .as("app waits for cache to be ready, so the database need not wait for app")
                .containsExactly("database");
    }

    private StartOrder order(int atOnce, Map<String, Duration> measured) {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(cache, database, files, app)
                .build();
        return new StartOrder(plan, definition, measured, atOnce);
    }

    private static List<String> next(StartOrder order, Set<Integer> begun, Set<Integer> done) {
        return order.next(begun, done).stream()
                .map(planned -> ((Step.StartContainer) planned.step()).service())
                .toList();
    }

    private static Service service(String name, int seconds) {
        return Service.image(name, name + ":1")
                .port("tcp", 1)
                .probe(Probe.tcp())
                .usualBoot(Duration.ofSeconds(seconds));
    }

    private static PlannedStep planned(int number, Step step, Integer... after) {
        return new PlannedStep(number, step, "not found", List.of(after));
    }
}
