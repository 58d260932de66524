package dev.withstack.core.diagnosis;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.Answer;
import dev.withstack.core.health.HostTarget;
import dev.withstack.core.health.Prober;
import dev.withstack.core.health.StreamProbe;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StreamCheck;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.plan.Observed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the services of a stack: each from inside its container, from a neighbour in the network and from this host,
 * and at the streams that they promise. One that is not well because of another says so. Used once, by one thread.
 */
final class ServicesCheck {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration STREAM_SILENCE = Duration.ofSeconds(12);

    private final Driver driver;
    private final StackDefinition definition;
    private final AddressBook hosts;
    private final Neighbours neighbours;
    private final Prober prober;
    private final Observed observed;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> withoutSource = new LinkedHashSet<>();
    private final Set<String> unwell = new LinkedHashSet<>();

    /** @param definition with the ports that the stack runs on */
    ServicesCheck(Driver driver, StackDefinition definition) {
        this.driver = driver;
        this.definition = definition;
        this.hosts = driver.hostAddresses(definition);
        this.prober = new Prober(new NetworkAddresses(definition));
        this.observed = observe();
        this.neighbours = new Neighbours(driver, definition, observed);
    }

    /** Return what was seen of the services. */
    Observed observed() {
        return observed;
    }

    /** Look at all of them, those of the base first, each after what it needs. */
    List<Finding> run() throws InterruptedException {
        if (definition.base().isPresent()) {
            ServicesCheck base = new ServicesCheck(driver, definition.base().get());
            findings.addAll(base.run());
            unwell.addAll(base.unwell);
        }
        for (String name : definition.graph().order()) {
            check(definition.service(name));
        }
        return List.copyOf(findings);
    }

    /** Look at all, and where the source of a service is not there say so: the others are examined nevertheless. */
    private Observed observe() {
        Set<String> all = definition.services().keySet();
        try {
            return driver.observe(definition, all);
        } catch (DriverException e) {
            if (e.kind() != DriverException.Kind.IMAGE) {
                throw e;
            }
        }
        Set<String> observable = new LinkedHashSet<>();
        for (String name : all) {
            try {
                driver.observe(definition, Set.of(name));
                observable.add(name);
            } catch (DriverException e) {
                withoutSource.add(name);
                findings.add(Finding.doubtful(Finding.Group.SERVICES, name, String.valueOf(e.getMessage()), e.fix()));
            }
        }
        return driver.observe(definition, observable);
    }

    private void check(Service service) throws InterruptedException {
        if (service.source() instanceof Source.External) {
            checkExternal(service);
            return;
        }
        Optional<Observed.Container> container = observed.container(service.name());
        if (container.isEmpty()) {
            checkAbsent(service);
        } else if (container.get().state() == Observed.State.COMPLETED) {
            findings.add(good(service, "completed"));
        } else if (!container.get().isRunning()) {
            checkDown(service, container.get());
        } else {
            checkRunning(service);
        }
    }

    private void checkExternal(Service service) throws InterruptedException {
        Answer answer = prober.ask(service, driver.target(definition, service));
        if (answer instanceof Answer.Ready) {
            findings.add(good(service, "runs elsewhere and answers"));
        } else {
            bad(
                    service,
                    "runs elsewhere and does not answer: " + answer.text(),
                    "see to it there, or take its URL out of the settings to run it here");
        }
    }

    /** Without a container it may still run on the host, as a developer does with the service he works on. */
    private void checkAbsent(Service service) throws InterruptedException {
        boolean isMissed = isMissed(service);
        Optional<String> owner = ownerOfPort(service);
        if (service.starts() == Service.Starts.ON_REQUEST && !isMissed) {
            findings.add(good(service, "is not started, as nobody has asked for it"));
        } else if (owner.isPresent() && service.hostRun().isPresent() && askFromHost(service) instanceof Answer.Ready) {
            findings.add(good(service, "runs on this host (" + owner.get() + ") and answers"));
            checkStreams(service);
        } else if (owner.isPresent()) {
            bad(service, "is down, and " + owner.get(), portFix(service));
        } else if (isMissed) {
            bad(
                    service,
                    "is down: it has no container, and others need it" + lostData(service),
                    "start " + service.name());
        } else if (!withoutSource.contains(service.name())) {
            findings.add(Finding.doubtful(
                    Finding.Group.SERVICES, service.name(), "is not started", "start " + service.name()));
        }
    }

    /** A start makes the volume anew, and empty, without a word: now is the time to say so. */
    private String lostData(Service service) {
        List<String> gone = service.volumes().stream()
                .map(mount -> mount.nameIn(definition.id()))
                .filter(volume -> !observed.volumes().containsKey(volume))
                .toList();
        return gone.isEmpty()
                ? ""
                : "; its volume " + String.join(", ", gone) + " is gone too, so it would begin with no data";
    }

    /** Tell whether something that runs can't do without it. */
    private boolean isMissed(Service service) {
        return definition.graph().dependentsOf(service.name()).stream()
                .filter(observed::isRunning)
                .flatMap(dependant -> definition.service(dependant).dependencies().stream())
                .anyMatch(dependency ->
                        dependency.on().equals(service.name()) && dependency.need() == Dependency.Need.REQUIRED);
    }

    private void checkDown(Service service, Observed.Container container) {
        Optional<String> owner = ownerOfPort(service);
        Optional<PostMortem> examined = driver.examine(definition.id(), service.name());
        String how = container.state() == Observed.State.EXITED && container.exitCode() == 0
                ? "stopped"
                : container.state() == Observed.State.EXITED
                        ? Exit.describe(
                                container.exitCode(),
                                examined.map(PostMortem::outOfMemory).orElse(PostMortem.Memory.ENOUGH),
                                examined.map(PostMortem::memoryLimit).orElse(0L))
                        : stateText(container.state());
        String last = examined.map(PostMortem::logTail)
                .filter(tail -> !tail.isEmpty())
                .map(tail -> "; its last words: " + tail.get(tail.size() - 1))
                .orElse("");
        if (owner.isPresent()) {
            bad(service, "is down (" + how + "), and " + owner.get(), portFix(service));
        } else {
            bad(service, "is down: " + how + last, "start " + service.name() + ", or first: logs " + service.name());
        }
    }

    private static String stateText(Observed.State state) {
        return state == Observed.State.PAUSED
                ? "paused: its processes are frozen"
                : state.name().toLowerCase(Locale.ROOT);
    }

    private void checkRunning(Service service) throws InterruptedException {
        Optional<String> inside = askInside(service);
        Answer answer = prober.ask(service, driver.target(definition, service));
        boolean isUp =
                answer instanceof Answer.Ready || inside.map(String::isEmpty).orElse(false);
        Optional<Endpoint> published = published(service);
        List<String> cut = cutOff(service);
        if (!cut.isEmpty()) {
            bad(
                    service,
                    (isUp ? "is up inside its container" : "does not answer") + ", and is cut off from the network "
                            + String.join(", ", cut) + ", which it belongs to",
                    "start " + service.name() + ", which makes its container anew; its data stays");
            return;
        }
        if (!isUp) {
            checkUnwell(service, answer, inside.orElse(""));
            return;
        }
        Answer fromHost = published.isPresent() ? askFromHost(service) : Answer.READY;
        if (!(fromHost instanceof Answer.Ready)) {
            bad(
                    service,
                    "is up but unreachable from this host at " + address(service, published.orElseThrow()) + ": "
                            + fromHost.text(),
                    ownerOfPort(service)
                            .map(owner -> owner + "; " + portFix(service))
                            .orElse("restart " + service.name()));
            return;
        }
        Neighbours.Reached reached = neighbours.reach(service);
        if (!reached.failure().isEmpty()) {
            bad(
                    service,
                    "is up but unreachable from '" + reached.from() + "' in the stack's network: " + reached.failure(),
                    "restart " + service.name());
            return;
        }
        findings.add(good(service, "answers " + sides(service, inside, reached, published) + standIn(service)));
        checkStreams(service);
    }

    /** Return the networks of the stack that are there, and that its container should be on and is not. */
    private List<String> cutOff(Service service) {
        Set<String> on = observed.container(service.name())
                .map(Observed.Container::networks)
                .orElse(Set.of());
        return definition.networksOf(service).stream()
                .filter(observed.networks()::contains)
                .filter(network -> !on.contains(network))
                .toList();
    }

    private String standIn(Service service) {
        return observed.container(service.name())
                .map(Observed.Container::image)
                .filter(image -> image.standing() == ImageUse.Standing.STAND_IN)
                .map(image ->
                        "; a stand-in for " + image.asked() + (image.note().isEmpty() ? "" : ": " + image.note()))
                .orElse("");
    }

    private String sides(
            Service service, Optional<String> inside, Neighbours.Reached reached, Optional<Endpoint> published) {
        List<String> sides = new ArrayList<>();
        if (inside.isPresent()) {
            sides.add("inside its container");
        }
        if (!reached.from().isEmpty()) {
            sides.add("to " + reached.from());
        }
        sides.add(published
                .map(endpoint -> "on this host at " + address(service, endpoint))
                .orElse("and is not published on this host"));
        return String.join(", ", sides);
    }

    /** It runs and does not answer: its own fault, or that of something it needs. */
    private void checkUnwell(Service service, Answer answer, String inside) {
        List<String> needs = service.dependencies().stream()
                .map(Dependency::on)
                .filter(unwell::contains)
                .toList();
        if (!needs.isEmpty()) {
            bad(
                    service,
                    "is not healthy because " + String.join(", ", needs) + ", which it needs, "
                            + (needs.size() == 1 ? "is" : "are") + " not: " + answer.text(),
                    "see to " + String.join(", ", needs) + " first");
        } else {
            String why = inside.isEmpty() ? "" : "; inside its container: " + inside;
            bad(service, "is running but does not answer: " + answer.text() + why, "logs " + service.name());
        }
    }

    private void checkStreams(Service service) {
        for (StreamCheck stream : service.streams()) {
            Endpoint endpoint = service.endpoint(stream.endpoint());
            if (endpoint.publication() instanceof Endpoint.Hidden) {
                continue;
            }
            HostAndPort address = hosts.find(service.name(), endpoint.name());
            Answer answer = new StreamProbe(stream, STREAM_SILENCE).ask(address);
            if (answer instanceof Answer.Ready) {
                findings.add(good(
                        service,
                        "its stream http://" + address + stream.path() + " gives events with \"" + stream.field()
                                + "\""));
            } else {
                bad(service, "its stream gives no events: " + answer.text(), "logs " + service.name());
            }
        }
    }

    /** Run the container's own check: empty without one, an empty text when it passes, else what it said. */
    private Optional<String> askInside(Service service) throws InterruptedException {
        Optional<ContainerCheck> check = service.containerCheck();
        if (check.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = check.get().command();
        try {
            Driver.ExecResult result = driver.exec(
                    definition.id(),
                    service.name(),
                    command.size() == 1 ? List.of("/bin/sh", "-c", command.get(0)) : command,
                    COMMAND_TIMEOUT);
            String said = lastLine(result.stdout() + result.stderr());
            return Optional.of(
                    result.exitCode() == 0
                            ? ""
                            : "its check ended with " + result.exitCode() + (said.isEmpty() ? "" : ": " + said));
        } catch (DriverException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** A check that fails in a program of its own may print pages; the last line says why. */
    private static String lastLine(String output) {
        String[] lines = output.strip().split("\\R");
        return lines[lines.length - 1].strip();
    }

    private Answer askFromHost(Service service) throws InterruptedException {
        return prober.ask(service, new HostTarget(driver.target(definition, service), service, hosts));
    }

    private static Optional<Endpoint> published(Service service) {
        return service.endpoints().stream()
                .filter(endpoint -> !(endpoint.publication() instanceof Endpoint.Hidden))
                .findFirst();
    }

    private String address(Service service, Endpoint endpoint) {
        return hosts.find(service.name(), endpoint.name()).toString();
    }

    private Optional<String> ownerOfPort(Service service) {
        return takenEndpoint(service).map(endpoint -> {
            int port = ((Endpoint.Fixed) endpoint.publication()).hostPort();
            return "its port " + port + " is taken by " + observed.portOwners().get(port);
        });
    }

    private Optional<Endpoint> takenEndpoint(Service service) {
        String own = "'" + definition.id().containerName(service.name()) + "'";
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                String owner = observed.portOwners().get(fixed.hostPort());
                // a paused container still holds its port
                if (owner != null && !owner.contains(own)) {
                    return Optional.of(endpoint);
                }
            }
        }
        return Optional.empty();
    }

    private String portFix(Service service) {
        String variable = takenEndpoint(service).map(service::portVariable).orElseGet(() -> service.variable("PORT"));
        return "stop that, set " + variable + " to another port, or start with --auto-ports";
    }

    private static Finding good(Service service, String text) {
        return Finding.good(Finding.Group.SERVICES, service.name(), text);
    }

    private void bad(Service service, String text, String fix) {
        unwell.add(service.name());
        findings.add(Finding.bad(Finding.Group.SERVICES, service.name(), text, fix));
    }
}
