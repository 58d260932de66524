package dev.withstack.core.driver;

import dev.withstack.core.health.Answer;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Planner;
import dev.withstack.core.plan.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A host of one stack that exists only in memory: what is done to it changes what is observed, and containers that
 * start and end are told of as an engine does. Services are ready at once unless a test says otherwise. Thread-safe.
 */
public final class FakeDriver implements Driver {
    private final Clock clock;
    private final Map<String, Observed.Container> containers = new LinkedHashMap<>();
    private final Map<String, Observed.Container> aside = new LinkedHashMap<>();
    private final Map<String, Observed.Container> kept = new LinkedHashMap<>();
    private final Map<String, Lineup> lineups = new LinkedHashMap<>();
    private final Map<String, Instant> startedAt = new LinkedHashMap<>();
    private final Set<String> networks = new LinkedHashSet<>();
    private final Map<String, Observed.Volume> volumes = new LinkedHashMap<>();
    private final Map<String, ImageUse> images = new LinkedHashMap<>();
    private final Map<String, InitialData> initialDatas = new LinkedHashMap<>();
    private final Map<Integer, String> portOwners = new LinkedHashMap<>();
    private final Map<String, Supplier<Answer>> answers = new LinkedHashMap<>();
    private final Map<String, Integer> exitCodes = new LinkedHashMap<>();
    private final Map<String, PostMortem> postMortems = new LinkedHashMap<>();
    private final Map<String, Interference> interferences = new LinkedHashMap<>();
    private final Map<String, Runnable> volumeInterferences = new LinkedHashMap<>();
    private final List<Consumer<ContainerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<byte[]> archives = new ArrayList<>();
    private final List<String> performed = new CopyOnWriteArrayList<>();
    private int created;
    private boolean isClosed;
    private Optional<Capacity> capacity = Optional.empty();
    private volatile Optional<HostAndPort> web = Optional.empty();

    public FakeDriver(Clock clock) {
        this.clock = clock;
    }

    /** What happens when a step is begun, before it has its effect. */
    @FunctionalInterface
    public interface Interference {
        void before(Step step) throws InterruptedException;
    }

    /** Do this before every step of that text. */
    public synchronized void before(String stepText, Interference interference) {
        interferences.put(stepText, interference);
    }

    /** Let every service that is ready by its answer be reached there, and no other be reached. */
    public void webAt(HostAndPort address) {
        web = Optional.of(address);
    }

    /** Let the machine have this. */
    public synchronized void capacity(Capacity has) {
        capacity = Optional.of(has);
    }

    @Override
    public synchronized Optional<Capacity> capacity() {
        return capacity;
    }

    /** Let these be the archives of files that are read, one after the other. */
    public synchronized void archives(byte[]... read) {
        archives.clear();
        archives.addAll(List.of(read));
    }

    @Override
    public void readFiles(StackId id, String service, String directory, OutputStream tar) {
        byte[] archive;
        synchronized (this) {
            archive = archives.remove(0);
        }
        try {
            tar.write(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Do this before the volume is made from an archive. */
    public synchronized void beforeMaking(String volume, Runnable interference) {
        volumeInterferences.put(volume, interference);
    }

    @Override
    public synchronized void makeVolume(
            String volume, String like, String image, InputStream tar, OutputStream arrived) {
        volumeInterferences.getOrDefault(volume, () -> {}).run();
        try {
            tar.transferTo(arrived);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Observed.Volume pattern = volumes.get(like);
        volumes.put(volume, new Observed.Volume(volume, pattern.owner(), pattern.lineage()));
    }

    @Override
    public synchronized void removeVolume(String volume) {
        volumes.remove(volume);
    }

    /** Let every step of that text fail so. */
    public void refuse(String stepText, RuntimeException failure) {
        before(stepText, step -> {
            throw failure;
        });
    }

    /** Let every step succeed again. */
    public synchronized void refuseNothing() {
        interferences.clear();
    }

    /** Let the service's probe answer so. */
    public synchronized void answer(String service, Supplier<Answer> answer) {
        answers.put(service, answer);
    }

    /** Let the service be ready only when it has run for this long. */
    public void readyAfter(String service, Duration pause) {
        answer(service, () -> uptime(service).compareTo(pause) >= 0 ? Answer.READY : new Answer.NotReady("starting"));
    }

    /** Let the service run from this image. */
    public synchronized void image(String service, ImageUse image) {
        images.put(service, image);
    }

    /** Let new volumes of the service begin with this. */
    public synchronized void initialData(String service, InitialData data) {
        initialDatas.put(service, data);
    }

    /** Let somebody else hold the host port. */
    public synchronized void portTaken(int port, String owner) {
        portOwners.put(port, owner);
    }

    public synchronized void volume(Observed.Volume volume) {
        volumes.put(volume.name(), volume);
    }

    public synchronized void postMortem(String service, PostMortem postMortem) {
        postMortems.put(service, postMortem);
    }

    /** Let the service, which runs once, end with this exit code whenever it is started. */
    public synchronized void endsWith(String service, int exitCode) {
        exitCodes.put(service, exitCode);
    }

    /** End the service's main process, as a crash does. */
    public void die(String service, int exitCode) {
        Observed.Container container = change(service, Observed.State.EXITED, exitCode);
        tell(new ContainerEvent.Died(service, container.id(), exitCode, clock.instant()));
    }

    /** Remove the service's container by hand. */
    public void removeByHand(String service) {
        Observed.Container container;
        synchronized (this) {
            container = containers.remove(service);
        }
        if (container != null) {
            tell(new ContainerEvent.Removed(service, container.id()));
        }
    }

    /** Freeze the service's container by hand. */
    public void pauseByHand(String service) {
        change(service, Observed.State.PAUSED, 0);
    }

    /** Take the service's container off its networks by hand. */
    public synchronized void cutOffByHand(String service) {
        containers.computeIfPresent(service, (name, container) -> onNetworks(container, Set.of()));
    }

    public void tell(ContainerEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Return what was done so far, in the words of a plan. */
    public List<String> performed() {
        return List.copyOf(performed);
    }

    public void forgetPerformed() {
        performed.clear();
    }

    public synchronized Optional<Observed.Container> container(String service) {
        return Optional.ofNullable(containers.get(service));
    }

    public synchronized Set<String> running() {
        Set<String> running = new LinkedHashSet<>();
        containers.forEach((service, container) -> {
            if (container.isRunning()) {
                running.add(service);
            }
        });
        return running;
    }

    /** Return the services that have a container, running or not. */
    public synchronized Set<String> containers() {
        return new LinkedHashSet<>(containers.keySet());
    }

    /** Return the services of which a container is kept aside. */
    public synchronized Set<String> aside() {
        return new LinkedHashSet<>(aside.keySet());
    }

    /** Return the containers that are kept as the way back, by service. */
    public synchronized Map<String, Observed.Container> kept() {
        return new LinkedHashMap<>(kept);
    }

    /** Return which replicas each entry was last turned to. */
    public synchronized Map<String, Lineup> lineups() {
        return new LinkedHashMap<>(lineups);
    }

    public synchronized Set<String> volumes() {
        return new LinkedHashSet<>(volumes.keySet());
    }

    public synchronized Set<String> networks() {
        return new LinkedHashSet<>(networks);
    }

    public boolean isClosed() {
        return isClosed;
    }

    /** Return how many listen to what happens. */
    public int watches() {
        return listeners.size();
    }

    @Override
    public String describe() {
        return "a host in memory";
    }

    @Override
    public synchronized Observed observe(StackDefinition definition, Collection<String> services) {
        Map<String, ImageUse> used = new LinkedHashMap<>();
        Map<Integer, String> owners = new LinkedHashMap<>();
        for (String name : services) {
            Service service = definition.service(name);
            used.put(name, images.getOrDefault(name, presentImage(service)));
            for (Endpoint endpoint : service.endpoints()) {
                if (endpoint.publication() instanceof Endpoint.Fixed fixed
                        && portOwners.containsKey(fixed.hostPort())) {
                    owners.put(fixed.hostPort(), portOwners.get(fixed.hostPort()));
                }
            }
        }
        return new Observed(
                containers, aside, kept, lineups, networks, volumes, used, owners, Map.of(), initialDatas, Map.of());
    }

    /** Return an image that is there. */
    public static ImageUse presentImage(Service service) {
        if (service.source() instanceof Source.External) {
            return new ImageUse("external", "external", "", ImageUse.Standing.NONE, "", "");
        }
        String reference = service.source() instanceof Source.Image image ? image.reference() : service.name();
        String lineage = service.family().map(family -> family + "/1/real").orElse("");
        return new ImageUse(reference, reference, "id of " + reference, ImageUse.Standing.UPSTREAM, "", lineage);
    }

    @Override
    public synchronized Observed observe(StackId id) {
        Map<String, Observed.Volume> own = new LinkedHashMap<>(volumes);
        own.values().removeIf(volume -> !volume.owner().equals(Planner.ownerOf(id)));
        return new Observed(
                containers, aside, kept, lineups, networks, own, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    @Override
    public void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        Interference interference;
        synchronized (this) {
            interference = interferences.getOrDefault(step.text(), unused -> {});
        }
        interference.before(step);
        performed.add(step.text());
        if (step instanceof Step.PullImage pull) {
            progress.accept("pulling " + pull.reference());
            synchronized (this) {
                images.remove(pull.service());
            }
        } else if (step instanceof Step.BuildImage build) {
            synchronized (this) {
                images.remove(build.service());
            }
        } else if (step instanceof Step.KeepInitialData keeping) {
            synchronized (this) {
                initialDatas.computeIfPresent(keeping.service(), (service, data) -> data.keptAs("kept"));
            }
        } else if (step instanceof Step.CreateContainer create) {
            create(definition, definition.service(create.service()), create.colour(), observed);
        } else if (step instanceof Step.StartContainer start) {
            Observed.Container container = change(start.service(), Observed.State.RUNNING, 0);
            tell(new ContainerEvent.Started(start.service(), container.id()));
            if (definition.service(start.service()).isOneShot()) {
                complete(start.service());
            }
        } else if (step instanceof Step.StopContainer stop) {
            stop(stop);
        } else if (step instanceof Step.RemoveContainer remove) {
            removeByHand(remove.service());
        } else if (step instanceof Step.StartAgain again) {
            changeById(again.containerId(), Observed.State.RUNNING, 0);
            tell(new ContainerEvent.Started(again.service(), again.containerId()));
        } else {
            changeThings(step, definition);
        }
    }

    private synchronized void changeThings(Step step, StackDefinition definition) {
        if (step instanceof Step.SetAside away) {
            move(away.service(), containers, aside);
        } else if (step instanceof Step.BringBack back) {
            move(back.service(), aside, containers);
        } else if (step instanceof Step.RemoveReplaced replaced) {
            aside.values().removeIf(container -> container.id().equals(replaced.containerId()));
            kept.values().removeIf(container -> container.id().equals(replaced.containerId()));
        } else if (step instanceof Step.KeepReplaced keep) {
            move(keep.service(), isIn(aside, keep.containerId()) ? aside : containers, kept);
        } else if (step instanceof Step.TakeKept taken) {
            move(taken.service(), kept, containers);
        } else if (step instanceof Step.LeadTo lead) {
            lineups.put(lead.service(), lead.lineup());
        }
        if (step instanceof Step.CreateNetwork network) {
            networks.add(network.name());
        } else if (step instanceof Step.RemoveNetwork network) {
            networks.remove(network.name());
        } else if (step instanceof Step.CreateVolume volume) {
            volumes.put(
                    volume.name(),
                    new Observed.Volume(volume.name(), Planner.ownerOf(definition.id()), volume.lineage()));
        } else if (step instanceof Step.RemoveVolume volume) {
            volumes.remove(volume.name());
        }
    }

    private static boolean isIn(Map<String, Observed.Container> some, String id) {
        return some.values().stream().anyMatch(container -> container.id().equals(id));
    }

    private static void move(String service, Map<String, Observed.Container> from, Map<String, Observed.Container> to) {
        Observed.Container container = from.remove(service);
        if (container == null || to.putIfAbsent(service, container) != null) {
            throw new DriverException(
                    DriverException.Kind.REFUSED, "The name for '" + service + "' is in use, or it is gone.", "");
        }
    }

    private synchronized void create(
            StackDefinition definition, Service service, Lineup.Colour colour, Observed observed) {
        ImageUse image = observed.images().getOrDefault(service.name(), presentImage(service));
        lineups.remove(service.name());
        containers.put(
                service.name(),
                new Observed.Container(
                        service.name(),
                        service.name() + "#" + ++created,
                        definition.id().containerName(service.name()),
                        Observed.State.CREATED,
                        0,
                        Observed.Health.NONE,
                        image.id(),
                        Fingerprint.of(definition, service, image),
                        service.dependencies().stream().map(Dependency::on).toList(),
                        Map.of(),
                        new LinkedHashSet<>(definition.networksOf(service)),
                        image,
                        "Created",
                        colour));
    }

    private void complete(String service) {
        int code;
        synchronized (this) {
            code = exitCodes.getOrDefault(service, 0);
        }
        Observed.Container container =
                change(service, code == 0 ? Observed.State.COMPLETED : Observed.State.EXITED, code);
        tell(new ContainerEvent.Died(service, container.id(), code, clock.instant()));
    }

    private void stop(Step.StopContainer stop) {
        if (changeById(stop.containerId(), Observed.State.EXITED, 0)) {
            tell(new ContainerEvent.Died(stop.service(), stop.containerId(), 0, clock.instant()));
        }
    }

    private synchronized boolean changeById(String id, Observed.State state, int exitCode) {
        for (Map<String, Observed.Container> some : List.of(containers, aside, kept)) {
            for (Observed.Container container : List.copyOf(some.values())) {
                if (container.id().equals(id)) {
                    some.put(container.service(), inState(container, state, exitCode));
                    if (state == Observed.State.RUNNING) {
                        startedAt.put(container.service(), clock.instant());
                    }
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void disturb(StackDefinition definition, Service service, Disturbance disturbance) {
        performed.add(disturbance + " " + service.name());
        switch (disturbance) {
            case KILL -> die(service.name(), 137);
            case PAUSE -> change(service.name(), Observed.State.PAUSED, 0);
            case RESUME -> change(service.name(), Observed.State.RUNNING, 0);
            case DISCONNECT -> answer(service.name(), () -> new Answer.NotReady("it is in no network"));
            case CONNECT -> answer(service.name(), () -> Answer.READY);
        }
    }

    private synchronized Observed.Container change(String service, Observed.State state, int exitCode) {
        Observed.Container before = containers.get(service);
        if (before == null) {
            throw new DriverException(DriverException.Kind.NOT_FOUND, "'" + service + "' has no container.", "");
        }
        Observed.Container after = inState(before, state, exitCode);
        containers.put(service, after);
        if (state == Observed.State.RUNNING) {
            startedAt.put(service, clock.instant());
        }
        return after;
    }

    /** Return the same container in another state. */
    public static Observed.Container inState(Observed.Container container, Observed.State state, int exitCode) {
        return new Observed.Container(
                container.service(),
                container.id(),
                container.name(),
                state,
                exitCode,
                container.health(),
                container.imageId(),
                container.fingerprint(),
                container.needs(),
                container.hostPorts(),
                container.networks(),
                container.image(),
                container.status(),
                container.colour());
    }

    /** Return the same container on these networks. */
    public static Observed.Container onNetworks(Observed.Container container, Set<String> networks) {
        return new Observed.Container(
                container.service(),
                container.id(),
                container.name(),
                container.state(),
                container.exitCode(),
                container.health(),
                container.imageId(),
                container.fingerprint(),
                container.needs(),
                container.hostPorts(),
                networks,
                container.image(),
                container.status(),
                container.colour());
    }

    private synchronized Duration uptime(String service) {
        return Duration.between(startedAt.getOrDefault(service, clock.instant()), clock.instant());
    }

    @Override
    public ProbeTarget target(StackDefinition definition, Service service) {
        return new ProbeTarget() {
            @Override
            public HostAndPort address(String endpoint) throws IOException {
                if (web.isPresent() && !(askItself() instanceof Answer.Ready)) {
                    throw new IOException(askItself().text());
                }
                return web.orElseGet(() -> hostAddresses(definition).find(service.name(), endpoint));
            }

            @Override
            public Answer run(List<String> command, Duration timeout) {
                return askItself();
            }

            @Override
            public Answer askItself() {
                Supplier<Answer> answer;
                synchronized (FakeDriver.this) {
                    answer = answers.getOrDefault(service.name(), () -> Answer.READY);
                }
                return answer.get();
            }

            @Override
            public Answer askForCompletion() {
                return container(service.name())
                                .filter(container -> container.state() == Observed.State.COMPLETED)
                                .isPresent()
                        ? askItself()
                        : new Answer.NotReady("it has not ended yet");
            }

            @Override
            public Duration uptime() {
                return FakeDriver.this.uptime(service.name());
            }
        };
    }

    @Override
    public AddressBook hostAddresses(StackDefinition definition) {
        return (name, endpointName) -> {
            Endpoint endpoint = definition.service(name).endpoint(endpointName);
            return endpoint.publication() instanceof Endpoint.Fixed fixed
                    ? new HostAndPort(fixed.bindAddress(), fixed.hostPort())
                    : new HostAndPort("10.0.0.1", endpoint.port());
        };
    }

    @Override
    public Watch watch(StackId id, Consumer<ContainerEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized int freePort(int from) {
        int port = from;
        while (portOwners.containsKey(port)) {
            port++;
        }
        return port;
    }

    @Override
    public synchronized Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended) {
        Observed.Container container = containers.get(service);
        if (container == null) {
            return Optional.empty();
        }
        return Optional.of(postMortems.getOrDefault(
                service,
                new PostMortem(
                        "exited",
                        container.exitCode(),
                        PostMortem.Memory.ENOUGH,
                        0,
                        "",
                        "",
                        List.of("the last line of " + service))));
    }

    @Override
    public Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer) {
        List<String> lines = new ArrayList<>(List.of("first", "second", "third"));
        int wanted = request.tail() < 0 ? lines.size() : request.tail();
        lines.subList(Math.max(0, lines.size() - wanted), lines.size())
                .forEach(line -> consumer.accept(new LogLine(service, clock.instant(), line)));
        return () -> {};
    }

    @Override
    public ExecResult exec(StackId id, String service, List<String> command, Duration timeout) {
        return new ExecResult(0, String.join(" ", command), "");
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
