package dev.withstack.junit;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.engine.StackEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets {@code @WithStack} run its stacks on hosts in memory: to be registered before it. */
final class FakeEngines implements ExecutionCondition {
    /** The hosts that were opened, by whichever test: tests that look at them run one after the other. */
    private static final List<FakeDriver> OPENED = new CopyOnWriteArrayList<>();

    private static final Engines ENGINES = FakeEngines::open;

    /** Return what was done on each host that something was done on, and forget them. */
    static List<FakeDriver> used() {
        List<FakeDriver> used =
                OPENED.stream().filter(host -> !host.performed().isEmpty()).toList();
        OPENED.clear();
        return used;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            context.getRoot().getStore(WithStackExtension.NAMESPACE).put(Engines.class, ENGINES);
        }
        return ConditionEvaluationResult.enabled("The engine is in memory.");
    }

    private static StackEngine open(String dockerHost, Path project) {
        try {
            FakeDriver driver = new FakeDriver(Clock.systemUTC());
            OPENED.add(driver);
            return new StackEngine(driver, Files.createTempDirectory("withstack-"), Clock.systemUTC());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
