package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.withstack.core.Stacks;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.coverage.Row;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import redis.clients.jedis.Jedis;

/** Scopes, resets, faults and logs of {@code @WithStack} on the real engine. */
class LendingIT {
    private static final Set<StackId> RUNS = ConcurrentHashMap.newKeySet();

    /** Two tests that would see what the other has left. */
    static class Counting {
        @Test
        void first(RunningStack stack, RedisConnection cache) {
            RUNS.add(stack.definition().id());
            try (Jedis jedis = new Jedis(cache.uri())) {
                assertThat(jedis.incr("tests")).isEqualTo(1);
            }
        }

        @Test
        void second(RunningStack stack, RedisConnection cache) {
            first(stack, cache);
        }
    }

    @WithStack(value = Shop.class, services = "cache", scope = Scope.RUN, reset = Reset.BEFORE_EACH)
    static class OneOfTheRun extends Counting {}

    @WithStack(value = Shop.class, services = "cache", scope = Scope.RUN, reset = Reset.BEFORE_EACH)
    static class OtherOfTheRun extends Counting {}

    @WithStack(value = Shop.class, services = "cache", scope = Scope.METHOD)
    static class EachMethod extends Counting {}

    @WithStack(value = Shop.class, services = "cache", keep = "60s")
    static class Kept extends Counting {
        @Override
        @Test
        void second(RunningStack stack, RedisConnection cache) {
            // the two share their stack, and nothing is put back between them
        }
    }

    @WithStack(value = Shop.class, services = "cache")
    static class Failing {
        @Test
        void test(RunningStack stack, @ServiceEndpoint("cache") RunningService cache) {
            RUNS.add(stack.definition().id());
            cache.kill();
            Assertions.fail("the cache is dead");
        }
    }

    @Test
    @Row("junit.scope")
    @Row("junit.reset-between")
    void classesWhenTheyShareTheStackOfTheRunSeeNothingOfEachOther() {
        run(OneOfTheRun.class, OtherOfTheRun.class).assertStatistics(counts -> counts.succeeded(4));

        assertThat(RUNS).hasSize(1);
        assertThatNothingIsLeft();
    }

    @Test
    @Row("junit.scope")
    void methodsWhenEachHasItsOwnStackSeeNothingOfEachOther() {
        run(EachMethod.class).assertStatistics(counts -> counts.succeeded(2));

        assertThat(RUNS).hasSize(2);
        assertThatNothingIsLeft();
    }

    @Test
    @Row("junit.kept")
    void stackWhenItIsKeptIsAdoptedAsItWasAfterItsStart() {
        run(Kept.class).assertStatistics(counts -> counts.succeeded(2));
        Set<StackId> first = Set.copyOf(RUNS);
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            String container = containerOf(engine, first);

            run(Kept.class).assertStatistics(counts -> counts.succeeded(2));

            assertThat(RUNS).isEqualTo(first);
            assertThat(containerOf(engine, first)).isEqualTo(container);
        } finally {
            try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
                RUNS.forEach(run -> engine.destroy(run, event -> {}));
            }
        }
        assertThatNothingIsLeft();
    }

    private static String containerOf(StackEngine engine, Set<StackId> runs) {
        return engine.driver()
                .observe(runs.iterator().next())
                .container("cache")
                .orElseThrow()
                .id();
    }

    @Test
    @Row("junit.failure")
    void testWhenItFailsLeavesTheLogsOfItsServices(@TempDir Path directory) {
        run(directory, Failing.class).assertStatistics(counts -> counts.failed(1));

        Path test = directory.resolve("LendingIT_Failing").resolve("test");
        assertThat(test.resolve("cache.log")).exists();
        assertThat(test.resolve("timeline.txt")).content().contains("cache: started at");
        assertThat(test.resolve("state.txt")).content().contains("cache: exited with 137, not ready: ");
        assertThatNothingIsLeft();
    }

    private static Events run(Class<?>... testClasses) {
        return run(Path.of("target", "withstack"), testClasses);
    }

    private static Events run(Path directory, Class<?>... testClasses) {
        RUNS.clear();
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .configurationParameter("withstack.logs.directory", directory.toString());
        for (Class<?> testClass : testClasses) {
            kit.selectors(selectClass(testClass));
        }
        return kit.execute().testEvents();
    }

    private static void assertThatNothingIsLeft() {
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            for (StackId run : RUNS) {
                Observed left = engine.driver().observe(run);
                assertThat(left.containers()).isEmpty();
                assertThat(left.networks()).isEmpty();
                assertThat(left.volumes()).isEmpty();
            }
        }
    }
}
