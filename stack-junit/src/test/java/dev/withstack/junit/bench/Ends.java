package dev.withstack.junit.bench;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Notes when each class was over, with all that was started for it taken down. */
final class Ends implements TestExecutionListener {
    private final List<Long> times = new CopyOnWriteArrayList<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.getSource().filter(ClassSource.class::isInstance).isPresent()) {
            times.add(System.currentTimeMillis());
        }
    }

    List<Long> times() {
        return List.copyOf(times);
    }
}
