package dev.withstack.junit.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs classes of {@link Ways}, one after the other in one run of JUnit as a build does, and prints of each when its test
 * began and when the class before it was over, in milliseconds since 1970. Run by {@code ./bench junit}.
 */
public final class Measure {
    private static final List<Long> BEGUN = new ArrayList<>();

    private Measure() {}

    static void begun() {
        BEGUN.add(System.currentTimeMillis());
    }

    public static void main(String[] names) throws ClassNotFoundException {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : names) {
            request.selectors(selectClass(Class.forName(Ways.class.getName() + "$" + name)));
        }
        Ends ends = new Ends();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest built = request.configurationParameter("withstack.engine.required", "true")
                .configurationParameter(
                        "junit.jupiter.testclass.order.default", "org.junit.jupiter.api.ClassOrderer$ClassName")
                .build();
        LauncherFactory.create().execute(built, summary, ends);
        summary.getSummary().getFailures().forEach(failure -> failure.getException()
                .printStackTrace());
        System.out.println("begun " + BEGUN);
        System.out.println("ended " + ends.times());
        System.exit(summary.getSummary().getTotalFailureCount() == 0 && BEGUN.size() == names.length ? 0 : 1);
    }
}
