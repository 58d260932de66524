package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Who shares a stack, on hosts in memory. */
@Execution(ExecutionMode.SAME_THREAD)
class ScopeTests {

    /** Two tests for each of the annotations. */
    static class Pair {
        @Test
        void first(RunningStack stack) {
            assertThat(stack.service("cache").container()).isPresent();
        }

        @Test
        void second(RunningStack stack) {
            assertThat(stack.service("cache").container()).isPresent();
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache", scope = Scope.METHOD)
    static class EachMethod extends Pair {}

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache")
    static class OneClass extends Pair {}

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache")
    static class OtherClass extends Pair {}

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache", scope = Scope.RUN)
    static class OneOfTheRun extends Pair {}

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache", scope = Scope.RUN)
    static class OtherOfTheRun extends Pair {}

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "orders", scope = Scope.RUN)
    static class AnotherStackOfTheRun {
        @Test
        void only(RunningStack stack) {
            assertThat(stack.service("orders").container()).isPresent();
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Faults {
        @Test
        @Order(1)
        void kills(@ServiceEndpoint("cache") RunningService cache) {
            cache.kill();
        }

        @Test
        @Order(2)
        void findsItRunning(@ServiceEndpoint("cache") RunningService cache) {
            assertThat(cache.container().orElseThrow().isRunning()).isTrue();
            cache.pause();
        }

        @Test
        @Order(3)
        void findsItRunningAgain(@ServiceEndpoint("cache") RunningService cache) {
            assertThat(cache.container().orElseThrow().isRunning()).isTrue();
        }
    }

    @Test
    void methodWhenItHasAStackOfItsOwnSharesItWithNobody() {
        List<FakeDriver> hosts = run(2, EachMethod.class);

        assertThat(hosts).hasSize(2).allSatisfy(ScopeTests::isClean);
    }

    @Test
    void classWhenItHasAStackOfItsOwnSharesItAmongItsTests() {
        List<FakeDriver> hosts = run(4, OneClass.class, OtherClass.class);

        assertThat(hosts).hasSize(2).allSatisfy(ScopeTests::isClean);
    }

    @Test
    void classesWhenTheyAskForTheSameOfTheRunShareIt() {
        List<FakeDriver> hosts = run(5, OneOfTheRun.class, OtherOfTheRun.class, AnotherStackOfTheRun.class);

        assertThat(hosts).hasSize(2).allSatisfy(ScopeTests::isClean);
    }

    @Test
    void classesWhenTheyRunAtTheSameTimeShareTheStackOfTheRunToo() {
        List<FakeDriver> hosts = runParallel(4, OneOfTheRun.class, OtherOfTheRun.class);

        assertThat(hosts).hasSize(1).allSatisfy(ScopeTests::isClean);
    }

    @Test
    void faultsWhenTheTestIsOverAreUndone() {
        List<FakeDriver> hosts = run(3, Faults.class);

        assertThat(hosts).hasSize(1).allSatisfy(ScopeTests::isClean);
    }

    private static void isClean(FakeDriver host) {
        assertThat(host.containers()).isEmpty();
        assertThat(host.networks()).isEmpty();
        assertThat(host.isClosed()).isTrue();
    }

    private static List<FakeDriver> run(int tests, Class<?>... testClasses) {
        return run(false, tests, testClasses);
    }

    private static List<FakeDriver> runParallel(int tests, Class<?>... testClasses) {
        return run(true, tests, testClasses);
    }

    private static List<FakeDriver> run(boolean isParallel, int tests, Class<?>... testClasses) {
        FakeEngines.used();
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", Boolean.toString(isParallel))
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent");
        for (Class<?> testClass : testClasses) {
            kit.selectors(selectClass(testClass));
        }
        Events events = kit.execute().testEvents();
        events.assertStatistics(counts -> counts.started(tests).succeeded(tests));
        return FakeEngines.used();
    }
}
