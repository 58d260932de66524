package dev.withstack.core.driver.process;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.Lease;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The launcher's end of the pipe to its {@link Watchdog}, which is started with the first process. Thread-safe. */
final class Guard implements AutoCloseable {
    private final Sessions sessions;
    private @Nullable Writer pipe;

    Guard(Sessions sessions) {
        this.sessions = sessions;
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
            Writer open = pipe == null ? start() : pipe;
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

    private Writer start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                ownCode().toString(),
                Watchdog.class.getName()));
        Process process = new ProcessBuilder(sessions.ofItsOwn(command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.outputWriter(StandardCharsets.UTF_8);
    }

    private static Path ownCode() throws IOException {
        try {
            return Path.of(Watchdog.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("its code can't be found", e);
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
