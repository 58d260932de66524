package dev.withstack.core.model;

import java.time.Duration;
import java.util.List;

/**
 * The engine's own health check, run inside the container: it goes on watching after the launcher has left.
 *
 * @param command the program and its arguments; a single element is a shell line
 */
public record ContainerCheck(
        List<String> command, Duration interval, Duration timeout, int retries, Duration startPeriod) {

    public ContainerCheck {
        command = List.copyOf(command);
    }

    /** Return a check at the documents' pace: every 10 s, 5 s each, 5 retries, 10 s to begin with. */
    public static ContainerCheck of(String... command) {
        return new ContainerCheck(
                List.of(command), Duration.ofSeconds(10), Duration.ofSeconds(5), 5, Duration.ofSeconds(10));
    }

    /** Return a check that asks a URL for 200, for images that have Python and no other means. */
    public static ContainerCheck python(String url) {
        return of("python3", "-c", "import urllib.request as r; r.urlopen('" + url + "', timeout=4)");
    }

    /** Return a check that asks a URL for 200, for images that have Node.js and no other means. */
    public static ContainerCheck node(String url) {
        return of(
                "node",
                "-e",
                "require('http').get('" + url + "', a => process.exit(a.statusCode === 200 ? 0 : 1))"
                        + ".on('error', e => { console.error(e.message); process.exit(1); })");
    }

    /** Return the same check, given this long for its answer. */
    public ContainerCheck within(Duration longest) {
        return new ContainerCheck(command, interval, longest, retries, startPeriod);
    }

    /** Return the same check at another pace. */
    public ContainerCheck every(Duration pace) {
        return new ContainerCheck(command, pace, timeout, retries, startPeriod);
    }
}
