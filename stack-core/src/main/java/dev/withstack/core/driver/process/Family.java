package dev.withstack.core.driver.process;

import dev.withstack.core.driver.Lease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A process with all that it has started, however they are related by now.
 *
 * <p>A grandchild whose parent has ended no longer shows whose it is. So each process is started with a mark in its
 * environment, which is handed down, and in a session of its own; where the host shows neither, its living descendants are
 * the family.
 *
 * @param mark what {@link #VARIABLE} holds in the environment of each member
 * @param head the process that was started, as long as it is known
 */
record Family(String mark, Optional<Lease> head) {
    /** The variable that holds the mark. */
    static final String VARIABLE = "WITHSTACK_PROCESS";

    private static final Path PROC = Path.of("/proc");
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration KILL_TAKES_AT_MOST = Duration.ofSeconds(5);

    /** Tell whether nobody of it lives. */
    boolean isGone() {
        return members().isEmpty();
    }

    /**
     * End every member: ask first, and kill who is still there when the grace is over.
     *
     * @throws InterruptedException if the thread is interrupted; everybody has been killed by then
     */
    void end(Duration grace, Pause pause) throws InterruptedException {
        try {
            if (!ends(ProcessHandle::destroy, grace, pause)) {
                ends(ProcessHandle::destroyForcibly, KILL_TAKES_AT_MOST, pause);
            }
        } catch (InterruptedException e) {
            members().values().forEach(ProcessHandle::destroyForcibly);
            throw e;
        }
    }

    /** Say it to everybody, and to those who are born meanwhile, until nobody is left or the time is over. */
    private boolean ends(Predicate<ProcessHandle> say, Duration longest, Pause pause) throws InterruptedException {
        Map<Long, ProcessHandle> told = new LinkedHashMap<>();
        Duration waited = Duration.ZERO;
        while (true) {
            Map<Long, ProcessHandle> members = members();
            told.values().stream()
                    .filter(member -> member.isAlive() && !isZombie(member.pid()))
                    .forEach(member -> members.putIfAbsent(member.pid(), member));
            if (members.isEmpty()) {
                return true;
            }
            members.forEach((pid, member) -> {
                if (told.putIfAbsent(pid, member) == null) {
                    boolean unused = say.test(member);
                }
            });
            if (waited.compareTo(longest) >= 0) {
                return false;
            }
            pause.last(STEP);
            waited = waited.plus(STEP);
        }
    }

    private Map<Long, ProcessHandle> members() {
        Map<Long, ProcessHandle> members = new LinkedHashMap<>();
        head.flatMap(Lease::process).ifPresent(process -> {
            members.put(process.pid(), process);
            process.descendants().forEach(descendant -> members.put(descendant.pid(), descendant));
        });
        if (Files.isDirectory(PROC)) {
            long session = head.filter(lease -> members.containsKey(lease.pid()))
                    .map(Lease::pid)
                    .orElse(-1L);
            ProcessHandle.allProcesses()
                    .filter(process -> !members.containsKey(process.pid()))
                    .filter(process -> isMarked(process.pid()) || sessionOf(process.pid()) == session)
                    .forEach(process -> members.put(process.pid(), process));
        }
        members.remove(ProcessHandle.current().pid());
        members.keySet().removeIf(Family::isZombie);
        return members;
    }

    private boolean isMarked(long pid) {
        String wanted = VARIABLE + "=" + mark;
        return read(pid, "environ")
                .map(environment -> Stream.of(environment.split("\0")).anyMatch(wanted::equals))
                .orElse(false);
    }

    private static long sessionOf(long pid) {
        // behind the name, which may hold anything: state, parent, group, session
        return stat(pid).map(fields -> Long.parseLong(fields[3])).orElse(-2L);
    }

    /** Who has ended and was not asked after by its parent is still listed. */
    private static boolean isZombie(long pid) {
        return stat(pid).map(fields -> fields[0].equals("Z")).orElse(false);
    }

    private static Optional<String[]> stat(long pid) {
        return read(pid, "stat")
                .filter(stat -> stat.lastIndexOf(')') > 0)
                .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" "))
                .filter(fields -> fields.length > 3);
    }

    private static Optional<String> read(long pid, String file) {
        try {
            return Optional.of(
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve(file), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // it has ended, or is somebody else's
            return Optional.empty();
        }
    }
}
