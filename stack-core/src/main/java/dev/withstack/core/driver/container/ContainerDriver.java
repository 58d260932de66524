package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.docker.EngineException;
import dev.withstack.core.docker.EngineInfo;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.docker.EngineTooOldException;
import dev.withstack.core.docker.EngineUnreachableException;
import dev.withstack.core.docker.EngineUnsupportedException;
import dev.withstack.core.docker.ExecCommand;
import dev.withstack.core.docker.ImageDetails;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.docker.LogQuery;
import dev.withstack.core.docker.NotFoundException;
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

    private final DockerEngine engine;
    private final Observer observer;
    private final StepRunner steps;
    private final ContainerEvents events;
    private final Disturbances disturbances;
    private final Reach reach;
    private final PortWatch ports;
    private final ProvidedContainers provided;
    private final Map<String, String> environment;
    private final Path project;

    private ContainerDriver(
            DockerEngine engine, Map<String, String> environment, Path home, Path project, ImagePolicy policy) {
        this.engine = engine;
        this.environment = Map.copyOf(environment);
        this.project = project;
        ImageChooser chooser = new ImageChooser(engine, new Registry(engine, environment, home), policy);
        ImageBuilder builder = new ImageBuilder(engine, chooser, project);
        this.reach = new Reach(engine);
        this.ports = new PortWatch(reach);
        this.provided = new ProvidedContainers(engine);
        KeptData kept = new KeptData(engine, environment);
        this.steps = new StepRunner(engine, chooser, builder, provided, kept);
        this.events = new ContainerEvents(engine);
        this.disturbances = new Disturbances(engine);
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
    public StackDefinition withChecksOfImages(StackDefinition definition, Observed observed) {
        return call(() -> new ChecksOfImages(engine, observed).in(definition));
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
            steps.perform(step, definition, observed, progress);
        } catch (EngineException e) {
            throw translated(e);
        }
    }

    @Override
    public List<String> digests(String image) {
        return call(() -> engine.images().find(image).map(ImageDetails::digests).orElse(List.of()).stream()
                .map(name -> name.substring(name.indexOf('@') + 1))
                .toList());
    }

    @Override
    public List<String> removeBuiltImages(String stack) {
        return BuiltImages.removeThoseOf(stack, engine);
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
        return call(() -> events.watch(id, listener));
    }

    @Override
    public List<Happening> past(StackId id, Instant since) {
        return call(() -> events.past(id, since));
    }

    @Override
    public Optional<Usage> usage(StackId id, String service) {
        return call(() -> engine.containers()
                .usage(id.containerName(service))
                .map(use -> new Usage(use.cpus(), use.memoryBytes(), use.memoryLimitBytes(), use.pids())));
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
                run(() -> engine.containers().logs(name, wanted, lines));
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
        run(() -> new VolumeContent(engine).read(id.containerName(service), directory, tar));
    }

    @Override
    public void makeVolume(String volume, String like, String image, InputStream tar, OutputStream arrived) {
        run(() -> new VolumeContent(engine).make(volume, like, image, tar, arrived));
    }

    @Override
    public void removeVolume(String volume) {
        run(() -> new VolumeContent(engine).remove(volume));
    }

    @Override
    public void disturb(StackDefinition definition, Service service, Disturbance disturbance) {
        run(() -> disturbances.disturb(definition, service, disturbance));
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

    private static void run(Runnable call) {
        call(() -> {
            call.run();
            return true;
        });
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
