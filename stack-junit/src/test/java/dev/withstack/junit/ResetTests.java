package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.ServiceReset;
import dev.withstack.core.engine.StackData;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLocksProvider.Lock;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class ResetTests {
    private static final List<String> DONE = new CopyOnWriteArrayList<>();
    private static final AtomicInteger AT_ONCE = new AtomicInteger();

    static final class TillReset implements ServiceReset {
        @Override
        public String service() {
            return "till";
        }

        @Override
        public void remember(RunningService service) {
            DONE.add("remember " + service.name());
        }

        @Override
        public void reset(RunningService service) {
            DONE.add("reset " + service.name());
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(
            value = Corner.class,
            services = "till",
            reset = Reset.BEFORE_EACH,
            resets = TillReset.class,
            untouched = "orders")
    static class Pair {
        @BeforeAll
        static void later(StackData data) throws InterruptedException {
            DONE.add("before all");
            data.remember();
        }

        @BeforeEach
        void each() {
            DONE.add("before each");
        }

        @Test
        void first() {
            DONE.add("test");
        }

        @Test
        void second() {
            DONE.add("test");
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(
            value = Corner.class,
            services = "till",
            scope = Scope.RUN,
            reset = Reset.BEFORE_EACH,
            resets = TillReset.class,
            untouched = "orders")
    static class Alone {
        @Test
        void first() {
            assertThat(AT_ONCE.incrementAndGet()).isEqualTo(1);
            AT_ONCE.decrementAndGet();
        }

        @Test
        void second() {
            first();
        }

        @Test
        void third() {
            first();
        }
    }

    static final class WithFiles implements StackChange {
        @Override
        public StackDefinition apply(StackDefinition stack) {
            return stack.extend()
                    .add(Service.image("shelf", "nfs:4").volume("files", "/files"))
                    .build();
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "shelf", changes = WithFiles.class, reset = Reset.BEFORE_EACH)
    static class NobodyKnowsHow {
        @Test
        void test() {}
    }

    @Test
    void dataWhenItIsResetBeforeEachIsPutBackAheadOfTheTestsOwnPreparation() {
        DONE.clear();
        run(Pair.class).testEvents().assertStatistics(counts -> counts.succeeded(2));

        assertThat(DONE)
                .containsExactly(
                        "remember till",
                        "before all",
                        "remember till",
                        "reset till",
                        "before each",
                        "test",
                        "reset till",
                        "before each",
                        "test");
    }

    @Test
    void testsWhenTheyShareWhatIsResetRunOneAtATime() {
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .selectors(selectClass(Alone.class))
                .execute()
                .testEvents()
                .assertStatistics(counts -> counts.succeeded(3));
    }

    @Test
    void locksWhenClassesShareAStackAreTheSame() throws NoSuchMethodException {
        DataLocks locks = new DataLocks();

        Set<Lock> ofTwo = locks.provideForMethod(List.of(), Pair.class, Pair.class.getDeclaredMethod("first"));
        assertThat(ofTwo).containsExactly(new Lock("withstack of " + Pair.class.getName()));
        assertThat(locks.provideForMethod(List.of(), Alone.class, Alone.class.getDeclaredMethod("first")))
                .hasSize(1)
                .isNotEqualTo(ofTwo);
        assertThat(locks.provideForMethod(List.of(Alone.class), Object.class, Alone.class.getDeclaredMethod("first")))
                .hasSize(1);
        assertThat(locks.provideForMethod(
                        List.of(), InjectionTests.Everything.class, Object.class.getMethod("toString")))
                .isEmpty();
    }

    @Test
    void classWhenItsStackCantBeResetFailsAndSaysWhichServicesCant() {
        run(NobodyKnowsHow.class)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                container(NobodyKnowsHow.class),
                                finishedWithFailure(message("It is not known how to put back the data of: shelf (it"
                                        + " keeps files in a volume). Give a ServiceReset for it, or leave it as it is."
                                        + " In @WithStack(Corner): resets = ..., or untouched = ..."))));
    }

    private static EngineExecutionResults run(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .selectors(selectClass(testClass))
                .execute();
    }
}
