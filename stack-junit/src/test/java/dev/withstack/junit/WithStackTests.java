package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.skippedWithReason;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.withstack.core.driver.DriverException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventType;

class WithStackTests {
    private static final String NO_ENGINE = "unix:///nowhere/docker.sock";

    @WithStack(Shop.class)
    static class NeedsAnEngine {
        @Test
        void test() {
            throw new AssertionError("must not be run");
        }
    }

    @WithStack(value = Shop.class, keep = "soon")
    static class BadKeep {
        @Test
        void test() {}
    }

    @WithStack(value = Shop.class, settings = "ORDERS_DATABASE")
    static class BadSetting {
        @Test
        void test() {
            throw new AssertionError("must not be run");
        }
    }

    @Test
    void classWhenNoEngineAnswersIsSkippedWithTheReason() {
        run(NeedsAnEngine.class, "false")
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                container(NeedsAnEngine.class),
                                skippedWithReason(reason -> reason.contains("No Docker engine answers")
                                        && reason.contains("Shop")
                                        && reason.contains(NO_ENGINE))));
    }

    @Test
    void classWhenNoEngineAnswersAndOneIsRequiredFails() {
        EngineExecutionResults results = run(NeedsAnEngine.class, "true");

        results.containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(container(NeedsAnEngine.class), finishedWithFailure(instanceOf(DriverException.class))));
        assertThat(results.testEvents().started().count()).isZero();
    }

    @Test
    void classWhenSettingHasNoValueFailsAndQuotesIt() {
        run(BadSetting.class, "true")
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                container(BadSetting.class),
                                finishedWithFailure(
                                        instanceOf(ExtensionConfigurationException.class),
                                        message("The setting 'ORDERS_DATABASE' of @WithStack(Shop) is not written as"
                                                + " NAME=VALUE."))));
    }

    @Test
    void classWhenItsStackIsToBeKeptForNoTimeFailsAndQuotesIt() {
        run(BadKeep.class, "true")
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                container(BadKeep.class),
                                finishedWithFailure(
                                        instanceOf(ExtensionConfigurationException.class),
                                        message(
                                                "keep = \"soon\" of @WithStack(Shop) is no time: write a number and s, m"
                                                        + " or h, such as 10m."))));
    }

    @Test
    void skippedClassWhenItIsCountedRunsNoTest() {
        assertThat(run(NeedsAnEngine.class, "false").allEvents().stream()
                        .filter(event -> event.getType() == EventType.STARTED)
                        .filter(event -> event.getTestDescriptor().isTest()))
                .isEmpty();
    }

    private static EngineExecutionResults run(Class<?> testClass, String engineRequired) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.docker.host", NO_ENGINE)
                .configurationParameter("withstack.engine.required", engineRequired)
                .selectors(selectClass(testClass))
                .execute();
    }
}
