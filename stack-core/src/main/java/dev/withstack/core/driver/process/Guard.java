package dev.withstack.core.driver.process;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.Lease;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The launcher's end of the pipe to its {@link Watchdog}, which is started with the first process. Thread-safe. */
final class Guard implements AutoCloseable {
    private final Map<String, String> environment;
    private @Nullable Writer pipe;

    /** @param environment the process environment */
    Guard(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Watch over a process that is about to be started with this mark. */
    void expect(String mark, Duration grace) {
        say(Watchdog.MARK, mark, grace.toString());
    }

    /** Watch over the process that was started with the mark. */
    void watch(String mark, Lease head) {
        say(Watchdog.HEAD, mark, head.toLabel());
    }

    /** The process has ended with all that it had started. */
    void release(String mark) {
        say(Watchdog.GONE, mark, "");
    }

    private synchronized void say(String word, String mark, String rest) {
        try {
            Writer open = pipe == null ? Companion.start(Watchdog.class, List.of(Watchdog.class), environment) : pipe;
            pipe = open;
            open.write(word + " " + mark + " " + rest + "\n");
            open.flush();
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "The watchdog, which ends processes should the launcher be killed, can't be run: " + e.getMessage(),
                    "",
                    e);
        }
    }

    /** Let the watchdog end, and with it whatever it still watches over. */
    @Override
    public synchronized void close() {
        try (Writer closing = pipe) {
            pipe = null;
        } catch (IOException e) {
            // it has ended already
        }
    }
}
