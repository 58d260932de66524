package dev.withstack.core.health;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Carries a probe out, once. Thread-safe; holds nothing open between two calls. */
public final class Prober {
    /** A service without a probe counts as ready when it has run on for this long. */
    static final Duration STAYS_UP = Duration.ofSeconds(1);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

    private final AddressBook readsAs;

    /** @param readsAs resolves the credentials that probes use */
    public Prober(AddressBook readsAs) {
        this.readsAs = readsAs;
    }

    /** Ask the service's probe. Never throws for what the service does: every failure is an answer. */
    public Answer ask(Service service, ProbeTarget target) throws InterruptedException {
        Optional<Probe> probe = service.probe();
        try {
            return probe.isPresent() ? ask(probe.get(), target) : staysUp(target);
        } catch (IOException e) {
            return new Answer.NotReady(Reasons.of(e));
        }
    }

    private Answer ask(Probe probe, ProbeTarget target) throws IOException, InterruptedException {
        if (probe instanceof Probe.Http http) {
            return new HttpProbe(http).ask(target.address(http.endpoint()));
        } else if (probe instanceof Probe.Tcp tcp) {
            return TcpProbe.ask(target.address(tcp.endpoint()));
        } else if (probe instanceof Probe.Inferred inferred) {
            return TcpProbe.ask(target.address(inferred.endpoint()));
        } else if (probe instanceof Probe.PostgresLogin login) {
            HostAndPort address = target.address(login.endpoint());
            return new PostgresProbe(
                            login.user().resolve(readsAs), login.password().resolve(readsAs), login.database())
                    .ask(address);
        } else if (probe instanceof Probe.RedisPing ping) {
            return new RedisProbe(ping.password().map(password -> password.resolve(readsAs)))
                    .ask(target.address(ping.endpoint()));
        } else if (probe instanceof Probe.Command command) {
            return target.run(command.command(), COMMAND_TIMEOUT);
        } else if (probe instanceof Probe.OfImage check) {
            return ofImage(check, target);
        } else if (probe instanceof Probe.Completion) {
            return target.askForCompletion();
        } else {
            return target.askItself();
        }
    }

    private static Answer ofImage(Probe.OfImage check, ProbeTarget target) throws IOException, InterruptedException {
        if (!check.command().isEmpty()) {
            return target.run(check.command(), COMMAND_TIMEOUT);
        }
        return switch (check.otherwise()) {
            case WHATEVER_RUNS -> staysUp(target);
            case NOTHING ->
                new Answer.Hopeless(
                        "others wait until it is healthy, and neither it nor its image has a health check",
                        "give it a health check, or a port that it answers on");
        };
    }

    private static Answer staysUp(ProbeTarget target) throws IOException {
        Duration uptime = target.uptime();
        return uptime.compareTo(STAYS_UP) >= 0
                ? Answer.READY
                : new Answer.NotReady(
                        "running; without a probe it counts as ready after " + STAYS_UP.toMillis() + " ms of that");
    }

    /** Return how long to wait before asking what was just started for the first time. */
    public static Duration firstPause(Service service) {
        return onlyStaysUp(service) ? STAYS_UP : Duration.ZERO;
    }

    private static boolean onlyStaysUp(Service service) {
        Probe probe = service.probe().orElse(null);
        return probe == null
                || (probe instanceof Probe.OfImage check && check.command().isEmpty());
    }

    /** Return how long to wait before asking again for the n-th time, counted from 0: often at first, then slower. */
    public static Duration pause(Service service, int attempt) {
        if (onlyStaysUp(service)) {
            // it is known when to ask, and what dies meanwhile is told by the engine
            return attempt == 0 ? STAYS_UP : Duration.ofMillis(50);
        }
        Probe probe = service.probe().orElse(null);
        boolean isSlow = probe instanceof Probe.Command || probe instanceof Probe.OfImage;
        double first = isSlow ? 100 : 10;
        double longest = isSlow ? 1000 : 250;
        return Duration.ofMillis((long) Math.min(longest, first * Math.pow(1.05, attempt)));
    }
}
