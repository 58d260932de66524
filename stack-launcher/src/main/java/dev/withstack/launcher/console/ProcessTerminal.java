package dev.withstack.launcher.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The terminal of this process, as far as the JDK and {@code stty} can tell. Where they can't, as on Windows, it counts
 * as 80 columns wide, and as a terminal when the JDK has a console.
 */
public final class ProcessTerminal implements Terminal {
    private static final Duration SIZE_IS_FRESH = Duration.ofSeconds(1);
    private static final File TERMINAL = new File("/dev/tty");

    private final Map<String, String> environment;
    private final Clock clock;
    private Size size = Size.USUAL;
    private Instant asked = Instant.MIN;

    public ProcessTerminal(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public boolean showsOutput() {
        return isCapable() && isTerminal(1);
    }

    @Override
    public boolean showsErrors() {
        return isCapable() && isTerminal(2);
    }

    @Override
    public boolean canAnswer() {
        return isTerminal(0) && isTerminal(1);
    }

    @Override
    public synchronized Size size() {
        Instant now = clock.instant();
        if (asked.equals(Instant.MIN) || Duration.between(asked, now).compareTo(SIZE_IS_FRESH) >= 0) {
            asked = now;
            size = askSize();
        }
        return size;
    }

    private boolean isCapable() {
        return !"dumb".equals(environment.get("TERM"));
    }

    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
        } catch (IOException e) {
            return false;
        }
        return hasConsole();
    }

    /** Newer JDKs have a console even without a terminal, and a method that tells. */
    private static boolean hasConsole() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private Size askSize() {
        if (!TERMINAL.exists()) {
            return size;
        }
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", -1);
            int rows = Integer.parseInt(answer[0]);
            int columns = Integer.parseInt(answer[answer.length - 1]);
            return rows > 0 && columns > 0 ? new Size(columns, rows) : size;
        } catch (IOException | NumberFormatException e) {
            return size;
        }
    }
}
