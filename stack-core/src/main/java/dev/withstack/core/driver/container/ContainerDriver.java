package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ConflictException;
import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.DockerException;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.docker.EngineEvent;
import dev.withstack.core.docker.EngineException;
import dev.withstack.core.docker.EngineInfo;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.docker.EngineTooOldException;
import dev.withstack.core.docker.EngineUnreachableException;
import dev.withstack.core.docker.EngineUnsupportedException;
import dev.withstack.core.docker.EventFilter;
import dev.withstack.core.docker.ExecCommand;
import dev.withstack.core.docker.ImageDetails;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.docker.LogQuery;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.docker.StreamEnd;
import dev.withstack.core.docker.StreamListener;
import dev.withstack.core.driver.Capacity;
import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs services as containers of one Docker engine. Thread-safe.
 *
 * <p>What has to be quick goes straight to the engine; Testcontainers, whose start alone takes a second, is loaded where
 * it is needed: for registry logins and for containers that the user made with it.
 */
public final class ContainerDriver implements Driver {
    private static final int LOG_TAIL = 20;
    private static final int LOG_TAIL_OF_SEVERAL_STARTS = 400;
    private static final Duration USUAL_GRACE = Duration.ofSeconds(10);

    private final DockerEngine engine;
    private final Observer observer;
    private final ImageChooser chooser;
    private final ImageBuilder builder;
    private final Reach reach;
    private final PortWatch ports;
    private final ProvidedContainers provided;
    private final KeptData kept;
    private final Map<String, String> environment;
    private final Path project;

    private ContainerDriver(
            DockerEngine engine, Map<String, String> environment, Path home, Path project, ImagePolicy policy) {
        this.engine = engine;
        this.environment = Map.copyOf(environment);
        this.project = project;
        this.chooser = new ImageChooser(engine, new Registry(engine, environment, home), policy);
        this.builder = new ImageBuilder(engine, chooser, project);
        this.reach = new Reach(engine);
        this.ports = new PortWatch(reach);
        this.provided = new ProvidedContainers(engine);
        this.kept = new KeptData(engine, environment);
        this.observer = new Observer(engine, chooser, builder, ports, provided, kept);
    }

    /**
     * Open a driver on the engine that the environment asks for, or the usual one of this machine.
     *
     * @param environment the process environment, for {@code DOCKER_HOST} and the like
     * @param home where Docker's own configuration is looked for
     * @param project where services that are built have their source
     * @throws DriverException if no engine can be reached, listing what was tried
     */
    public static ContainerDriver open(Map<String, String> environment, Path home, Path project, ImagePolicy policy) {
        return call(() -> {
            DockerEngine engine = DockerEngine.open(new EngineLocator(environment, home).locate());
            try {
                engine.apiVersion();
            } catch (EngineException e) {
                engine.close();
                throw e;
            }
            return new ContainerDriver(engine, environment, home, project, policy);
        });
    }

    /** Open a driver as {@link #open(Map, Path, Path, ImagePolicy)} does, for this process. */
    public static ContainerDriver open(Path project) {
        String word =
                System.getProperty(ImagePolicy.PROPERTY, System.getenv().getOrDefault("WITHSTACK_IMAGES", "auto"));
        return open(System.getenv(), Path.of(System.getProperty("user.home")), project, ImagePolicy.of(word));
    }

    @Override
    public String describe() {
        return call(() -> "Docker " + engine.version().server() + " (API " + engine.apiVersion() + ") at "
                + engine.located().address() + ", by " + engine.located().reason());
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public Optional<Capacity> capacity() {
        return call(() -> {
            EngineInfo info = engine.info();
            return Optional.of(new Capacity(info.cpus(), info.memoryBytes(), disk(info.directory())));
        });
    }

    /** The engine tells the directory, not what is free there; it can be seen where the engine is on this host. */
    private Optional<Capacity.Disk> disk(String directory) {
        if (directory.isEmpty() || !(engine.located().address() instanceof EngineAddress.Unix)) {
            return Optional.empty();
        }
        try {
            FileStore store = Files.getFileStore(Path.of(directory));
            return Optional.of(new Capacity.Disk(directory, store.getUsableSpace(), store.getTotalSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public StackDefinition settled(StackDefinition definition, Collection<String> services) {
        StackDefinition reachable = reach.isLocal() ? definition : OnAnotherHost.adapt(definition);
        return new ProjectFiles(project).settle(reachable, services);
    }

    @Override
    public Optional<String> caveat() {
        return reach.isLocal() ? Optional.empty() : Optional.of(OnAnotherHost.caveat(host()));
    }

    @Override
    public Observed observe(StackDefinition definition, Collection<String> services) {
        return call(() -> observer.observe(definition, services));
    }

    @Override
    public Observed observe(StackId id) {
        return call(() -> observer.observe(id));
    }

    @Override
    public List<StackId> leftBehind() {
        return call(() -> new LeftBehind(engine).find());
    }

    @Override
    public void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        try {
            doPerform(step, definition, observed, progress);
        } catch (EngineException e) {
            throw translated(e);
        }
    }

    private void doPerform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        if (step instanceof Step.PullImage pull) {
            switch (pull.pull()) {
                case WHEN_ABSENT -> chooser.bring(pull.reference(), progress);
                case ALWAYS -> chooser.renew(pull.reference(), progress);
            }
        } else if (step instanceof Step.BuildImage build) {
            Service service = definition.service(build.service());
            builder.build(definition, service, (Source.Build) service.source(), build.layers(), progress);
        } else if (step instanceof Step.CreateNetwork network) {
            createNetwork(network.name(), definition.id());
        } else if (step instanceof Step.CreateVolume volume) {
            createVolume(volume, definition, observed);
        } else if (step instanceof Step.KeepInitialData keeping) {
            Service service = definition.service(keeping.service());
            InitialData data = observed.initialData(service.name()).orElseThrow();
            new FirstStart(engine, kept, definition, service, image(service, observed), data).run();
        } else if (step instanceof Step.CreateContainer create) {
            createContainer(definition, definition.service(create.service()).coloured(create.colour()), observed);
        } else if (step instanceof Step.StartContainer start) {
            startContainer(definition, definition.service(start.service()), observed);
        } else if (step instanceof Step.StopContainer stop) {
            stopContainer(stop.containerId());
        } else if (step instanceof Step.RemoveContainer remove) {
            removeContainer(remove.containerId());
        } else if (step instanceof Step.SetAside aside) {
            engine.containers().rename(aside.containerId(), Labels.nameAside(definition.id(), aside.service()));
        } else if (step instanceof Step.RemoveReplaced replaced) {
            removeContainer(replaced.containerId());
        } else if (step instanceof Step.BringBack back) {
            engine.containers().rename(back.containerId(), definition.id().containerName(back.service()));
        } else if (step instanceof Step.KeepReplaced keep) {
            engine.containers().rename(keep.containerId(), Labels.nameKept(definition.id(), keep.service()));
        } else if (step instanceof Step.TakeKept kept) {
            engine.containers().rename(kept.containerId(), definition.id().containerName(kept.service()));
        } else if (step instanceof Step.RunInside run) {
            runInside(definition.id().containerName(run.service()), run);
        } else if (step instanceof Step.LeadTo lead) {
            entryLink(definition, lead.service()).turnTo(lead.lineup(), lead.service());
        } else if (step instanceof Step.Drain drain) {
            entryLink(definition, drain.entry()).drain(drain.containerId(), drain.longest());
        } else if (step instanceof Step.StartAgain again) {
            provided.forget(definition.id(), again.service());
            engine.containers().start(again.containerId());
        } else if (step instanceof Step.RemoveVolume volume) {
            removeUnlessGone(() -> engine.volumes().remove(volume.name()));
        } else if (step instanceof Step.RemoveNetwork network) {
            removeUnlessGone(() -> engine.networks().remove(network.name()));
        } else {
            throw new IllegalArgumentException("'" + step.text() + "' is not for a driver to do.");
        }
    }

    @Override
    public List<String> digests(String image) {
        return call(() -> engine.images().find(image).map(ImageDetails::digests).orElse(List.of()).stream()
                .map(name -> name.substring(name.indexOf('@') + 1))
                .toList());
    }

    private void runInside(String container, Step.RunInside run) {
        var result = engine.containers().exec(container, ExecCommand.of(run.command()));
        if (result.exitCode() != 0) {
            String said = (result.stdout() + result.stderr()).strip();
            throw new DriverException(
                    Kind.REFUSED,
                    "'" + String.join(" ", run.command()) + "' in " + run.service() + " ended with exit code "
                            + result.exitCode() + (said.isEmpty() ? "." : ": " + said),
                    "mend that, or leave the command out");
        }
    }

    private EntryLink entryLink(StackDefinition definition, String entry) {
        return new EntryLink(engine, definition.id().containerName(entry));
    }

    @Override
    public List<String> removeBuiltImages(String stack) {
        return BuiltImages.removeThoseOf(stack, engine);
    }

    private void createNetwork(String name, StackId id) {
        try {
            engine.networks().create(name, "bridge", Labels.of(id));
        } catch (ConflictException e) {
            throw new DriverException(
                    Kind.REFUSED,
                    "A network that is not part of this stack is called '" + name + "' already.",
                    "rename it, or remove it when nothing uses it: docker network rm " + name,
                    e);
        }
    }

    private void createVolume(Step.CreateVolume volume, StackDefinition definition, Observed observed) {
        Map<String, String> labels = Labels.of(definition.id());
        labels.put(Labels.SERVICE, volume.service());
        labels.put(Labels.LINEAGE, volume.lineage());
        String path =
                observed.initialData(volume.service()).map(InitialData::path).orElse("");
        kept.makeVolume(volume.name(), labels, volume.initial(), path);
    }

    private void createContainer(StackDefinition definition, Service service, Observed observed) {
        if (service.source() instanceof Source.Provided) {
            // Testcontainers creates and starts in one go
            provided.prepare();
            return;
        }
        ProjectFiles.makeOutputs(service);
        ContainerSpec spec =
                new ContainerSpec(definition, service, image(service, observed), observed.initialData(service.name()));
        String name = definition.id().containerName(service.name());
        try {
            String container = engine.containers().create(name, spec.create()).id();
            equip(container, spec);
        } catch (ConflictException e) {
            throw new DriverException(
                    Kind.REFUSED,
                    "A container that is not part of this stack is called '" + name + "' already.",
                    "rename or remove it: docker rm " + name,
                    e);
        }
    }

    /** Half of it must not be taken for the whole later on. */
    private void equip(String container, ContainerSpec spec) {
        try {
            spec.outfit().give(engine, container);
        } catch (RuntimeException e) {
            try {
                removeContainer(container);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void startContainer(StackDefinition definition, Service service, Observed observed)
            throws InterruptedException {
        String name = definition.id().containerName(service.name());
        Optional<ContainerDetails> existing = engine.containers().find(name);
        if (existing.isEmpty() && service.source() instanceof Source.Provided source) {
            provided.start(definition, service, source, image(service, observed));
        } else if (existing.map(container -> container.state().state() == ContainerState.PAUSED)
                .orElse(false)) {
            engine.containers().unpause(name);
        } else {
            provided.forget(definition.id(), service.name());
            start(service, name);
        }
    }

    private void start(Service service, String name) {
        try {
            engine.containers().start(name);
        } catch (NotFoundException e) {
            throw e;
        } catch (DockerException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("port is already allocated") || message.contains("address already in use")) {
                throw new DriverException(
                        Kind.PORT,
                        "a port of '" + service.name() + "' was taken while it was being started: " + message,
                        "start with --auto-ports, or free the port",
                        e);
            }
            throw commandFailure(service, message, e).orElseThrow(() -> e);
        }
    }

    /** The engine wraps what it has to say of a command that can't be run in the names of its own parts. */
    private static Optional<DriverException> commandFailure(Service service, String message, DockerException cause) {
        int exec = message.indexOf("exec: \"");
        int end = message.indexOf('"', exec + 7);
        if (exec < 0 || end < 0) {
            return Optional.empty();
        }
        String command = message.substring(exec + 7, end);
        String why = message.contains("executable file not found") || message.contains("no such file or directory")
                ? "was not found in the image"
                : "can't be run: "
                        + message.substring(end + 1).replaceFirst("^: ", "").replaceFirst(": unknown.*", "");
        return Optional.of(new DriverException(
                Kind.REFUSED,
                "the command '" + command + "' " + why + ".",
                "check the command of '" + service.name() + "', or take another image: " + service.variable("IMAGE"),
                cause));
    }

    private void stopContainer(String id) {
        try {
            Optional<ContainerDetails> container = engine.containers().find(id);
            if (container
                    .map(one -> one.state().state() == ContainerState.PAUSED)
                    .orElse(false)) {
                engine.containers().unpause(id);
            }
            Duration grace =
                    container.flatMap(one -> one.config().stopTimeout()).orElse(USUAL_GRACE);
            engine.containers().stop(id, grace);
        } catch (NotFoundException e) {
            // gone already: what was wanted
        }
    }

    private void removeContainer(String id) {
        try {
            engine.containers().remove(id, Force.KILL, AnonymousVolumes.REMOVE);
        } catch (NotFoundException e) {
            // gone already: what was wanted
        } catch (ConflictException e) {
            if (!String.valueOf(e.getMessage()).contains("already in progress")) {
                throw e;
            }
        }
    }

    private static void removeUnlessGone(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException e) {
            // gone already: what was wanted
        }
    }

    private static ImageUse image(Service service, Observed observed) {
        ImageUse image = observed.images().get(service.name());
        if (image == null) {
            throw new IllegalStateException("The image of '" + service.name() + "' was not observed.");
        }
        return image;
    }

    @Override
    public ProbeTarget target(StackDefinition definition, Service service) {
        return service.source() instanceof Source.External external
                ? new ExternalTarget(service, external)
                : new ContainerTarget(engine, definition, service, reach, provided);
    }

    @Override
    public String host() {
        return reach.hostOf(Endpoint.LOOPBACK);
    }

    @Override
    public AddressBook hostAddresses(StackDefinition definition) {
        return (serviceName, endpointName) -> {
            StackDefinition owner = definition.owner(serviceName);
            Service service = owner.service(serviceName);
            Endpoint endpoint = service.endpoint(endpointName);
            if (service.source() instanceof Source.External external) {
                return external.address(service.endpoints().indexOf(endpoint));
            }
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                return new HostAndPort(reach.hostOf(fixed.bindAddress()), fixed.hostPort());
            }
            return liveAddress(owner.id(), service, endpoint);
        };
    }

    private HostAndPort liveAddress(StackId id, Service service, Endpoint endpoint) {
        ContainerDetails container = call(() -> engine.containers().inspect(id.containerName(service.name())));
        try {
            return endpoint.publication() instanceof Endpoint.AnyFree
                    ? reach.published(container, endpoint)
                    : reach.address(container, endpoint);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "'" + service.name() + "' can't be reached from here: " + e.getMessage(), e);
        }
    }

    @Override
    public Watch watch(StackId id, Consumer<ContainerEvent> listener) {
        dev.withstack.core.docker.Follow follow = call(() -> engine.events(filter(id), new StreamListener<>() {
            @Override
            public void next(EngineEvent event) {
                toContainerEvent(event).ifPresent(listener);
            }

            @Override
            public void ended(StreamEnd end) {
                if (end.reason() != StreamEnd.Reason.CLOSED) {
                    String reason = end.failure()
                            .map(failure -> String.valueOf(failure.getMessage()))
                            .orElse("the engine ended it");
                    listener.accept(new ContainerEvent.WatchLost("", "", reason));
                }
            }
        }));
        return follow::close;
    }

    private static EventFilter filter(StackId id) {
        return EventFilter.labelled(Labels.filter(id))
                .types("container")
                .actions("start", "die", "oom", "destroy", "health_status", "pause", "unpause");
    }

    @Override
    public List<Happening> past(StackId id, Instant since) {
        return call(() -> engine.pastEvents(filter(id).since(since)).stream()
                .flatMap(event ->
                        toContainerEvent(event).map(happened -> new Happening(event.time(), happened)).stream())
                .toList());
    }

    @Override
    public Optional<Usage> usage(StackId id, String service) {
        return call(() -> engine.containers()
                .usage(id.containerName(service))
                .map(use -> new Usage(use.cpus(), use.memoryBytes(), use.memoryLimitBytes(), use.pids())));
    }

    private static Optional<ContainerEvent> toContainerEvent(EngineEvent event) {
        String service = event.attributes().getOrDefault(Labels.SERVICE, "");
        return switch (event.action()) {
            case "start" -> Optional.of(new ContainerEvent.Started(service, event.id()));
            case "die" ->
                Optional.of(new ContainerEvent.Died(
                        service,
                        event.id(),
                        Integer.parseInt(event.attributes().getOrDefault("exitCode", "0")),
                        event.time()));
            case "oom" -> Optional.of(new ContainerEvent.OutOfMemory(service, event.id()));
            case "pause" -> Optional.of(new ContainerEvent.Paused(service, event.id()));
            case "unpause" -> Optional.of(new ContainerEvent.Resumed(service, event.id()));
            case "destroy" -> Optional.of(new ContainerEvent.Removed(service, event.id()));
            case "health_status" -> Optional.of(new ContainerEvent.HealthChanged(service, event.id(), event.detail()));
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<String> portOwner(Endpoint.Fixed wanted) {
        return call(() -> ports.owner(wanted, engine.containers().list(Containers.Scope.RUNNING, LabelFilter.none())));
    }

    @Override
    public int freePort(int from) {
        return call(() -> ports.free(from, engine.containers().list(Containers.Scope.RUNNING, LabelFilter.none())));
    }

    @Override
    public Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended) {
        return call(
                () -> engine.containers().find(id.containerName(service)).map(container -> examine(container, ended)));
    }

    private PostMortem examine(ContainerDetails container, Optional<Instant> ended) {
        List<String> lines = new ArrayList<>();
        LogQuery query = LogQuery.last(ended.isPresent() ? LOG_TAIL_OF_SEVERAL_STARTS : LOG_TAIL);
        engine.containers().logs(container.id(), query, line -> {
            if (ended.isEmpty() || !line.time().isAfter(ended.get())) {
                lines.add(line.text());
            }
        });
        List<String> tail = lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size());
        ContainerDetails.State state = container.state();
        List<ContainerDetails.HealthCheckRun> checks = state.healthLog();
        return new PostMortem(
                state.state().name().toLowerCase(java.util.Locale.ROOT),
                state.exitCode(),
                state.oomKilled() ? PostMortem.Memory.EXHAUSTED : PostMortem.Memory.ENOUGH,
                container.host().memoryBytes(),
                state.error(),
                checks.isEmpty() ? "" : checks.get(checks.size() - 1).output().strip(),
                tail);
    }

    @Override
    public Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer) {
        LogQuery query = request.tail() < 0 ? LogQuery.all() : LogQuery.last(request.tail());
        LogQuery wanted = request.since().map(query::since).orElse(query);
        String name = id.containerName(service);
        Consumer<dev.withstack.core.docker.LogLine> lines =
                line -> consumer.accept(new LogLine(service, line.time(), line.text()));
        return switch (request.follow()) {
            case NO -> {
                call(() -> {
                    engine.containers().logs(name, wanted, lines);
                    return true;
                });
                yield () -> {};
            }
            case YES -> {
                dev.withstack.core.docker.Follow follow =
                        call(() -> engine.containers().followLogs(name, wanted, StreamListener.each(lines)));
                yield follow::close;
            }
        };
    }

    @Override
    public ExecResult exec(StackId id, String service, List<String> command, Duration timeout) {
        return call(() -> {
            var result = engine.containers()
                    .exec(id.containerName(service), ExecCommand.of(command).timeout(timeout));
            return new ExecResult(result.exitCode(), result.stdout(), result.stderr());
        });
    }

    @Override
    public ExecResult pipe(StackId id, String service, Pipe pipe) {
        return call(() -> {
            ExecCommand command = ExecCommand.of(pipe.command());
            for (Map.Entry<String, String> variable : pipe.environment().entrySet()) {
                command = command.environment(variable.getKey(), variable.getValue());
            }
            var result = engine.containers().pipe(id.containerName(service), command, pipe.input(), pipe.output());
            return new ExecResult(result.exitCode(), result.stdout(), result.stderr());
        });
    }

    @Override
    public void readFiles(StackId id, String service, String directory, OutputStream tar) {
        call(() -> {
            new VolumeContent(engine).read(id.containerName(service), directory, tar);
            return true;
        });
    }

    @Override
    public void makeVolume(String volume, String like, String image, InputStream tar, OutputStream arrived) {
        call(() -> {
            new VolumeContent(engine).make(volume, like, image, tar, arrived);
            return true;
        });
    }

    @Override
    public void removeVolume(String volume) {
        call(() -> {
            new VolumeContent(engine).remove(volume);
            return true;
        });
    }

    @Override
    public void disturb(StackDefinition definition, Service service, Disturbance disturbance) {
        call(() -> {
            String name = definition.id().containerName(service.name());
            ContainerDetails container = engine.containers().inspect(name);
            switch (disturbance) {
                case KILL -> kill(container);
                case PAUSE -> pause(container);
                case RESUME -> resume(container);
                case DISCONNECT ->
                    container.networks().forEach(network -> engine.networks().disconnect(network.network(), name));
                case CONNECT ->
                    connect(
                            container,
                            Outfit.networks(
                                    definition,
                                    service.coloured(
                                            Labels.colour(container.config().labels()))));
            }
            return true;
        });
    }

    private void kill(ContainerDetails container) {
        resume(container);
        ContainerState state = container.state().state();
        if (state == ContainerState.RUNNING || state == ContainerState.PAUSED) {
            engine.containers().kill(container.id(), "SIGKILL");
        }
    }

    private void pause(ContainerDetails container) {
        if (container.state().state() != ContainerState.PAUSED) {
            engine.containers().pause(container.id());
        }
    }

    private void resume(ContainerDetails container) {
        if (container.state().state() == ContainerState.PAUSED) {
            engine.containers().unpause(container.id());
        }
    }

    private void connect(ContainerDetails container, Map<String, List<String>> networks) {
        networks.forEach((network, aliases) -> {
            if (container.networks().stream()
                    .noneMatch(attached -> attached.network().equals(network))) {
                engine.networks().connect(network, container.id(), aliases);
            }
        });
    }

    @Override
    public void close() {
        provided.close();
        engine.close();
    }

    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (EngineException e) {
            throw translated(e);
        }
    }

    private static DriverException translated(EngineException failure) {
        Kind kind = Kind.REFUSED;
        if (failure instanceof EngineUnreachableException
                || failure instanceof EngineTooOldException
                || failure instanceof EngineUnsupportedException) {
            kind = Kind.ENGINE;
        } else if (failure instanceof NotFoundException) {
            kind = Kind.NOT_FOUND;
        }
        return new DriverException(kind, String.valueOf(failure.getMessage()), "", failure);
    }
}
