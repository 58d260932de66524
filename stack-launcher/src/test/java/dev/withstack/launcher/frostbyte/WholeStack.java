package dev.withstack.launcher.frostbyte;

import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.SharedStack;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Frostbyte brought up by one {@code start}, once for all test classes that look at it, with its servers and its API. */
final class WholeStack implements BeforeAllCallback, AfterEachCallback {
    private final SharedStack shared = SharedStack.of("frostbyte", numbers(Ports.DOCUMENTED));

    private static Map<String, Integer> numbers(Ports ports) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        ports.settings().forEach((setting, port) -> numbers.put(setting, Integer.valueOf(port)));
        return numbers;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        shared.beforeAll(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        shared.afterEach(context);
    }

    Launcher launcher() {
        return shared.launcher();
    }

    /** Return the run that brought it up, which printed its events. */
    Run start() {
        return shared.start();
    }

    Ports ports() {
        return Ports.of(shared.ports());
    }

    boolean hasDocumentedNames() {
        return shared.hasDocumentedNames();
    }

    Servers servers() {
        return new Servers(ports());
    }

    Api api() {
        return new Api(ports().api(), "");
    }

    /** Return the name of a service's container. */
    String container(String service) {
        return shared.container(service);
    }

    /** Run a command to its end and see that it went well. */
    Run run(String... arguments) throws InterruptedException {
        return shared.run(arguments);
    }
}
