package dev.withstack.core.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Says which process something belongs to, such as a test's containers, network and volumes, so that a later one can tell
 * whether it was left behind. It is written into labels and files; what it holds is a contract between versions.
 *
 * @param host the host's name
 * @param boot what is another after each boot of the host
 * @param namespace the process ids' name space: those of one container mean nothing in another
 * @param pid the process
 * @param start when the process began, so that another one that was given its id is not taken for it
 * @param taken when the lease was taken
 */
public record Lease(String host, String boot, String namespace, long pid, Instant start, Instant taken) {
    /** No test runs for longer: what can't be judged from here counts as left behind after that. */
    static final Duration LONGEST = Duration.ofHours(24);

    private static final Lease OF_THIS_PROCESS = take(ProcessHandle.current());
    /** The start of a process is reckoned from the time of boot, which moves when the clock is set. */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** Return the lease of this process. */
    public static Lease ofThisProcess() {
        return OF_THIS_PROCESS;
    }

    /** Return a lease of what no process owns: it is over when no test can run for so long. */
    public static Lease ofNobody() {
        return new Lease("", "", "", 0, OF_THIS_PROCESS.start, Instant.now());
    }

    /** Return the lease of another process of this host. */
    public static Lease of(ProcessHandle process) {
        return take(process);
    }

    /** Return the process, if it still is the one that took the lease. */
    public Optional<ProcessHandle> process() {
        boolean isHere = host.equals(OF_THIS_PROCESS.host)
                && boot.equals(OF_THIS_PROCESS.boot)
                && namespace.equals(OF_THIS_PROCESS.namespace);
        return isHere && isAlive() ? ProcessHandle.of(pid) : Optional.empty();
    }

    /** Tell whether what was leased was left behind, as seen by the holder of another lease. */
    public boolean isOver(Lease seenBy) {
        if (host.equals(seenBy.host) && !boot.equals(seenBy.boot)) {
            return true;
        }
        if (host.equals(seenBy.host) && namespace.equals(seenBy.namespace)) {
            return !isAlive();
        }
        return taken.plus(LONGEST).isBefore(seenBy.taken);
    }

    private boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(process -> !isZombie())
                .flatMap(process -> process.info().startInstant())
                .map(began -> Duration.between(start, began).abs().compareTo(TOLERANCE) < 0)
                .orElse(false);
    }

    /** A killed process whose parent never asks for its end stays in the table of processes. */
    private boolean isZombie() {
        String stat = read("/proc/" + pid + "/stat").orElse("");
        int afterName = stat.lastIndexOf(')') + 2;
        return afterName > 1 && stat.startsWith("Z", afterName);
    }

    public String toLabel() {
        return "pid=" + pid + ";start=" + start + ";taken=" + taken + ";host=" + host + ";boot=" + boot + ";namespace="
                + namespace;
    }

    /** Read what {@link #toLabel()} wrote; empty if it is none. */
    public static Optional<Lease> fromLabel(String label) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String entry : label.split(";")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                parts.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        try {
            return Optional.of(new Lease(
                    parts.getOrDefault("host", ""),
                    parts.getOrDefault("boot", ""),
                    parts.getOrDefault("namespace", ""),
                    Long.parseLong(parts.getOrDefault("pid", "")),
                    Instant.parse(parts.getOrDefault("start", "")),
                    Instant.parse(parts.getOrDefault("taken", ""))));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Lease take(ProcessHandle process) {
        Instant now = Instant.now();
        return new Lease(
                hostName(),
                bootId(),
                link("/proc/self/ns/pid"),
                process.pid(),
                process.info().startInstant().orElse(now),
                now);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Where the system names its boots, that name; elsewhere the time at which its first process began. */
    private static String bootId() {
        return read("/proc/sys/kernel/random/boot_id").map(String::strip).orElseGet(() -> ProcessHandle.of(1)
                .flatMap(first -> first.info().startInstant())
                .map(Instant::toString)
                .orElse(""));
    }

    private static Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String link(String file) {
        try {
            return Files.readSymbolicLink(Path.of(file)).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
