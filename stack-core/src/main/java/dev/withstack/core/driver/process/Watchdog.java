package dev.withstack.core.driver.process;

import dev.withstack.core.driver.Lease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A process beside the launcher that ends the launcher's processes when the launcher is gone, however it went: the pipe
 * between them breaks. Uses nothing but the JDK, so that it starts anywhere.
 */
public final class Watchdog {
    static final String MARK = "mark";
    static final String HEAD = "head";
    static final String GONE = "gone";

    private final Map<String, Ward> wards = new LinkedHashMap<>();

    private Watchdog() {}

    /** A process that is watched. */
    private record Ward(Family family, Duration grace) {}

    /** Watch until the standard input ends, then end what is left. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Watchdog watchdog = new Watchdog();
        watchdog.listen(System.in);
        watchdog.endAll();
    }

    /** Each line is a word, the mark of a family, and what there is to say of it. */
    private void listen(InputStream launcher) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(launcher, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 3);
            String mark = words[1];
            switch (words[0]) {
                case MARK -> wards.put(mark, new Ward(new Family(mark, Optional.empty()), Duration.parse(words[2])));
                case HEAD ->
                    wards.computeIfPresent(
                            mark, (key, ward) -> new Ward(new Family(mark, Lease.fromLabel(words[2])), ward.grace()));
                default -> wards.remove(mark);
            }
        }
    }

    private void endAll() throws InterruptedException {
        Deque<Ward> latestFirst = new ArrayDeque<>();
        wards.values().forEach(latestFirst::push);
        for (Ward ward : latestFirst) {
            ward.family().end(ward.grace(), Pause.REAL);
        }
    }
}
