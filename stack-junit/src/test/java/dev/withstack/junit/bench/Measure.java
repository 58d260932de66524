package dev.withstack.junit.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs classes of {@link Ways} or {@link Eights} in one run of JUnit as a build does, one after the other or as many at once
 * as the system property {@code bench.parallel} says, and prints when each test began and when each class was over, in
 * milliseconds since 1970. Run by {@code ./bench junit}.
 */
public final class Measure {
    private static final List<Long> BEGUN = new CopyOnWriteArrayList<>();

    private Measure() {}

    static void begun() {
        BEGUN.add(System.currentTimeMillis());
    }

    public static void main(String[] names) throws ClassNotFoundException {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : names) {
            request.selectors(selectClass(Class.forName(Measure.class.getPackageName() + "." + name)));
        }
        Ends ends = new Ends();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        Integer parallel = Integer.getInteger("bench.parallel", 1);
        String execution = "junit.jupiter.execution.parallel.";
        LauncherDiscoveryRequest built = request.configurationParameter("withstack.engine.required", "true")
                .configurationParameter(execution + "enabled", Boolean.toString(parallel > 1))
                .configurationParameter(execution + "mode.classes.default", "concurrent")
                .configurationParameter(execution + "config.strategy", "fixed")
                .configurationParameter(execution + "config.fixed.parallelism", parallel.toString())
                .configurationParameter(
                        "junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$ClassName")
                .build();
        LauncherFactory.create().execute(built, summary, ends);
        summary.getSummary().getFailures().forEach(failure -> failure.getException()
                .printStackTrace());
        System.out.println("begun " + BEGUN);
        System.out.println("ended " + ends.times());
        System.exit(summary.getSummary().getTotalFailureCount() == 0 && BEGUN.size() >= names.length ? 0 : 1);
    }
}
