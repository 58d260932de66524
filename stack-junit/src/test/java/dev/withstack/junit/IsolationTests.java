package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.ServiceReset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLocksProvider.Lock;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;

/** What can't be divided among classes is refused; IsolationIT divides what can. */
class IsolationTests {

    static class Asking {
        @Test
        void test() {}
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "till", scope = Scope.RUN, isolation = Isolation.CLASS)
    static class BehindAnApplication extends Asking {}

    @ExtendWith(FakeEngines.class)
    @WithStack(
            value = Corner.class,
            services = "shelf",
            changes = ResetTests.WithFiles.class,
            scope = Scope.RUN,
            isolation = Isolation.CLASS)
    static class OfFiles extends Asking {}

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "orders", isolation = Isolation.CLASS)
    static class OfItsOwnStack extends Asking {}

    static final class OrdersReset implements ServiceReset {
        @Override
        public String service() {
            return "orders";
        }

        @Override
        public void remember(RunningService service) {}

        @Override
        public void reset(RunningService service) {}
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(
            value = Corner.class,
            services = "orders",
            scope = Scope.RUN,
            isolation = Isolation.CLASS,
            resets = OrdersReset.class)
    static class WithAResetOfTheWhole extends Asking {}

    @WithStack(value = Corner.class, scope = Scope.RUN, isolation = Isolation.CLASS, reset = Reset.BEFORE_EACH)
    static class One extends Asking {}

    @WithStack(value = Corner.class, scope = Scope.RUN, isolation = Isolation.CLASS, reset = Reset.BEFORE_EACH)
    static class Other extends Asking {}

    @Test
    void partWhenAnApplicationUsesTheServerIsRefusedWithItsName() {
        assertThatItFails(
                BehindAnApplication.class,
                "Nobody can have a part of their own of servers that an application of the stack uses for all: there runs"
                        + " 'till', which uses 'orders'. Start the servers alone, or give each its own stack."
                        + " In @WithStack(Corner): services = ..., without = ..., untouched = ..., or scope = CLASS");
    }

    @Test
    void partWhenNobodyKnowsHowToDivideAServiceIsRefusedWithItsName() {
        assertThatItFails(
                OfFiles.class,
                "It is not known how to give everybody a part of their own of: shelf. Share it, as what is left untouched."
                        + " In @WithStack(Corner): services = ..., without = ..., untouched = ..., or scope = CLASS");
    }

    @Test
    void partWhenTheStackIsNotSharedIsRefused() {
        assertThatItFails(
                OfItsOwnStack.class,
                "isolation = CLASS of @WithStack(Corner) is for classes that share a stack: say scope = RUN too, or leave"
                        + " it out.");
    }

    @Test
    void partWhenThereIsAResetOfAllOfAServiceIsRefused() {
        assertThatItFails(
                WithAResetOfTheWhole.class,
                "A ServiceReset puts back all of a service, of which each class has a part with isolation = CLASS: leave"
                        + " resets or isolation out of @WithStack(Corner).");
    }

    /** The obligation: classes that see nothing of each other wait for nobody but themselves. */
    @Test
    void locksWhenEachClassHasAPartAreThoseOfTheClass() throws NoSuchMethodException {
        Set<Lock> one = locks(One.class);

        assertThat(one).hasSize(1).isNotEqualTo(locks(Other.class));
    }

    private static Set<Lock> locks(Class<?> testClass) throws NoSuchMethodException {
        return new DataLocks().provideForMethod(List.of(), testClass, Asking.class.getDeclaredMethod("test"));
    }

    private static void assertThatItFails(Class<?> testClass, String text) {
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .selectors(selectClass(testClass))
                .execute()
                .containerEvents()
                .assertThatEvents()
                .haveExactly(1, event(EventConditions.container(testClass), finishedWithFailure(message(text))));
    }
}
