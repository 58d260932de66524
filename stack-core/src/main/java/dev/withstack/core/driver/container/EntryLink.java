package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerFile;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.ExecCommand;
import dev.withstack.core.docker.ExecResult;
import dev.withstack.core.docker.NetworkAttachment;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.model.Lineup;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The link within an entry that says which line-up it leads to. It is turned around in one step, stands in the
 * container's own layer, and so is what it was after the container or the engine was started again.
 */
final class EntryLink {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LOOKS_A_SECOND = 5;

    private static final String PARENT = Lineup.LINK.substring(0, Lineup.LINK.lastIndexOf('/'));

    /** A link is put in the place of another by a rename, so there always is one. */
    private static final String TURN = "mkdir -p '%1$s/%2$s' && ln -sfn '%2$s' '%3$s.new' && mv -fT '%3$s.new' '%3$s'";

    /** Ends when three looks in a row show no connection that is open to one of the addresses. */
    private static final String WAIT =
            """
            left=%d; quiet=0
            while [ $left -gt 0 ] && [ $quiet -lt 3 ]; do
              if grep -qE ' (%s):[0-9A-F]{4} 0[128] ' /proc/net/tcp; then quiet=0; else quiet=$((quiet+1)); fi
              left=$((left-1)); sleep 0.2
            done
            """;

    private final DockerEngine engine;
    private final String entry;

    /** @param entry the id or name of the entry's container */
    EntryLink(DockerEngine engine, String entry) {
        this.engine = engine;
        this.entry = entry;
    }

    /** Return which line-up of the service it leads to; empty if it leads to all replicas. */
    Optional<Lineup> read(String service) {
        return engine.containers()
                .readLink(entry, Lineup.LINK)
                .flatMap(target -> Lineup.named(target.substring(target.lastIndexOf('/') + 1), service));
    }

    /** Let it lead to another line-up, also before it runs. */
    void turnTo(Lineup lineup, String service) {
        String name = lineup.nameOf(service);
        if (isRunning()) {
            ExecResult result = run(TURN.formatted(PARENT, name, Lineup.LINK), SOON);
            if (result.exitCode() != 0) {
                throw new DriverException(
                        Kind.REFUSED,
                        "the entry of '" + service + "' can't be turned to " + lineup + ": "
                                + (result.stderr() + result.stdout()).strip(),
                        "see what is wrong with it: logs " + service);
            }
            return;
        }
        String below = PARENT.substring(1);
        engine.containers().copyInto(entry, "/", List.of(ContainerFile.text(below + "/" + name + "/.here", "")));
        engine.containers().link(entry, PARENT, "now", name);
    }

    /** Wait until it has nothing in hand with the container, or the time is over. */
    void drain(String container, Duration longest) {
        String addresses =
                engine.containers().find(container).map(ContainerDetails::networks).orElse(List.of()).stream()
                        .map(NetworkAttachment::ipAddress)
                        .filter(address -> !address.isEmpty())
                        .map(EntryLink::asInProc)
                        .collect(Collectors.joining("|"));
        if (!addresses.isEmpty() && isRunning()) {
            long looks = Math.max(1, longest.toSeconds() * LOOKS_A_SECOND);
            run(WAIT.formatted(looks, addresses), longest.multipliedBy(2).plus(SOON));
        }
    }

    /** Return an address as {@code /proc/net/tcp} has it: in hexadecimal digits, the last byte first. */
    static String asInProc(String address) {
        StringBuilder text = new StringBuilder();
        for (String part : address.split("\\.")) {
            text.insert(0, "%02X".formatted(Integer.parseInt(part)).toUpperCase(Locale.ROOT));
        }
        return text.toString();
    }

    private boolean isRunning() {
        return engine.containers()
                .find(entry)
                .map(container -> container.state().state() == ContainerState.RUNNING)
                .orElse(false);
    }

    private ExecResult run(String script, Duration timeout) {
        return engine.containers()
                .exec(entry, ExecCommand.of(List.of("sh", "-c", script)).timeout(timeout));
    }
}
