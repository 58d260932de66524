package dev.withstack.core;

import dev.withstack.core.driver.process.Companion;
import java.io.IOException;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a {@link RunWatchdog} runs beside this process, one for each engine that it runs test stacks on. It ends
 * with this process, to which alone it belongs: so they are kept here rather than with any stack.
 */
final class RunGuard {
    /** The environment variable that says whether there is a watchdog, and its value that says no. */
    private static final String VARIABLE = "WITHSTACK_WATCHDOG";

    private static final String NONE = "none";
    private static final Logger LOG = LoggerFactory.getLogger(RunGuard.class);
    private static final Map<String, Writer> PIPES = new HashMap<>();

    private RunGuard() {}

    /**
     * Let there be one for the engine that the environment asks for. Where none can be started, the next test stack
     * removes what this process should leave behind.
     */
    static synchronized void watch(Map<String, String> environment) {
        String engine =
                environment.getOrDefault("DOCKER_HOST", "") + " " + environment.getOrDefault("DOCKER_CONTEXT", "");
        if (PIPES.containsKey(engine) || environment.isEmpty() || NONE.equals(environment.get(VARIABLE))) {
            return;
        }
        try {
            PIPES.put(
                    engine,
                    Companion.start(
                            RunWatchdog.class,
                            List.of(RunWatchdog.class, Logger.class),
                            environment,
                            Long.toString(ProcessHandle.current().pid())));
        } catch (IOException e) {
            LOG.debug("No watchdog can be started; the next test stack removes what is left behind.", e);
        }
    }
}
