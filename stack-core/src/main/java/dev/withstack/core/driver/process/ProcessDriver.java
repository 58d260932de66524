package dev.withstack.core.driver.process;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.driver.Lease;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Preparation;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.HostAddresses;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Observed.Lack;
import dev.withstack.core.plan.Observed.State;
import dev.withstack.core.plan.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs services as processes of this host. Thread-safe.
 *
 * <p>One launcher keeps the processes of a stack: the first that starts one. They end when its driver is closed, or when
 * it is killed. What others want of them they leave as a wish in the state directory, and wait until it has come true.
 */
public final class ProcessDriver implements Driver {
    private static final int LOG_TAIL = 20;
    private static final int THREADS = 4;
    private static final Duration LONGEST_WISH = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Driver containers;
    private final Workplace workplace;
    private final Preparations preparations;
    private final Path stateDirectory;
    private final Clock clock;
    private final Sessions sessions;
    private final Guard guard;
    private final Map<StackId, Household> households = new LinkedHashMap<>();
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer;

    /**
     * @param containers tells where containers are reached, and who holds a port; stays the caller's to close
     * @param project what the directories of processes are relative to
     * @param stateDirectory where is written which processes there are, and what they print
     * @param environment the process environment, which processes are given too
     */
    public ProcessDriver(
            Driver containers, Path project, Path stateDirectory, Map<String, String> environment, Clock clock) {
        this.containers = containers;
        this.workplace = new Workplace(project, environment);
        this.preparations = new Preparations(workplace);
        this.stateDirectory = stateDirectory;
        this.clock = clock;
        this.sessions = new Sessions(environment);
        this.guard = new Guard(environment);
        this.timer = Executors.newScheduledThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "withstack-processes");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record Listening(StackId id, Consumer<ContainerEvent> listener) {}

    /** Tell whether the step is about a process that is there. */
    static boolean isProcess(String containerId) {
        return containerId.startsWith(ProcessRecord.PREFIX);
    }

    /** Tell whether the service is, or was, a process. */
    boolean knows(StackId id, String service) {
        return store(id).read(service).isPresent();
    }

    @Override
    public String describe() {
        return "processes of this host";
    }

    @Override
    public Observed observe(StackDefinition definition, Collection<String> services) {
        Map<String, Observed.Container> processes = observed(definition.id());
        Map<String, ImageUse> images = new LinkedHashMap<>();
        Map<Integer, String> owners = new LinkedHashMap<>();
        Map<String, List<Lack>> lacking = new LinkedHashMap<>();
        Map<Preparation, Optional<Lack>> examined = new LinkedHashMap<>();
        for (String name : services) {
            Service service = definition.service(name);
            images.put(name, imageOf(service));
            workplace.directoryOf(service);
            lacking.put(name, preparations.lacking(service, examined));
            Set<Integer> held = Optional.ofNullable(processes.get(name))
                    .filter(Observed.Container::isRunning)
                    .map(process -> Set.copyOf(process.hostPorts().values()))
                    .orElse(Set.of());
            for (Endpoint endpoint : service.endpoints()) {
                if (endpoint.publication() instanceof Endpoint.Fixed fixed && !held.contains(fixed.hostPort())) {
                    containers.portOwner(fixed).ifPresent(owner -> owners.put(fixed.hostPort(), owner));
                }
            }
        }
        return Observed.NOTHING
                .withContainers(processes)
                .withImages(images)
                .withPortOwners(owners)
                .withLacking(lacking);
    }

    @Override
    public Observed observe(StackId id) {
        return Observed.NOTHING.withContainers(observed(id));
    }

    @Override
    public boolean wasAskedToEnd(StackId id, String service) {
        return store(id).isStopWished(service);
    }

    private Map<String, Observed.Container> observed(StackId id) {
        ProcessStore store = store(id);
        Optional<Lease> keeper = store.keeper();
        String kept = keeper.map(lease -> ", kept by launcher " + lease.pid()).orElse("");
        Map<String, Observed.Container> processes = new LinkedHashMap<>();
        for (ProcessRecord record : store.all()) {
            ProcessRecord seen = record.seen(keeper.isPresent());
            processes.put(record.service(), seen.toContainer(id.containerName(record.service()), kept));
        }
        return processes;
    }

    private static ImageUse imageOf(Service service) {
        String program = programOf(service);
        return new ImageUse(program, program, "", ImageUse.Standing.PROCESS, "", "");
    }

    private static String programOf(Service service) {
        return Workplace.processOf(service).command().stream()
                .filter(word -> word.addresses().isEmpty())
                .limit(4)
                .map(word -> word.masked((name, endpoint) -> new HostAndPort(name, 0)))
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }

    @Override
    public void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        if (step instanceof Step.Prepare prepare) {
            preparations.make(definition.service(prepare.service()), prepare.what(), progress);
        } else if (step instanceof Step.CreateContainer create) {
            create(definition, definition.service(create.service()));
        } else if (step instanceof Step.StartContainer start) {
            start(definition, definition.service(start.service()));
        } else if (step instanceof Step.StopContainer stop) {
            stop(definition.id(), stop.service());
        } else if (step instanceof Step.RemoveContainer remove) {
            store(definition.id()).remove(remove.service());
        } else {
            throw new IllegalArgumentException("'" + step.text() + "' is not for processes.");
        }
    }

    private void create(StackDefinition definition, Service service) {
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                ports.put(endpoint.port(), fixed.hostPort());
            } else if (endpoint.publication() instanceof Endpoint.AnyFree) {
                ports.put(endpoint.port(), anyFreePort());
            }
        }
        store(definition.id())
                .write(new ProcessRecord(
                        ProcessRecord.PREFIX + service.name() + ":" + UUID.randomUUID(),
                        service.name(),
                        State.CREATED,
                        Optional.empty(),
                        0,
                        0,
                        Optional.of(clock.instant()),
                        Observed.Health.NONE,
                        "",
                        service.stopPolicy().grace(),
                        programOf(service),
                        Fingerprint.of(definition, service, imageOf(service)),
                        service.dependencies().stream().map(Dependency::on).toList(),
                        ports));
    }

    private static int anyFreePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("There is no free port.", e);
        }
    }

    private void start(StackDefinition definition, Service service) throws InterruptedException {
        Launch launch = launchOf(definition, service);
        Optional<Household> household = household(definition.id());
        if (household.isPresent()) {
            try {
                household.get().launch(launch);
            } catch (IOException e) {
                throw cannotStart(service, String.valueOf(e.getMessage()), e);
            }
        } else {
            startByKeeper(store(definition.id()), service, launch);
        }
    }

    /** Leave it to the launcher that keeps the stack's processes. */
    private void startByKeeper(ProcessStore store, Service service, Launch launch) throws InterruptedException {
        int before = store.read(service.name()).map(ProcessRecord::launches).orElse(0);
        store.wishLaunch(launch);
        boolean isFulfilled = await(LONGEST_WISH, () -> store.read(service.name())
                .filter(record -> record.launches() > before)
                .isPresent());
        store.forgetLaunch(service.name());
        if (!isFulfilled) {
            throw cannotStart(
                    service,
                    "the launcher that keeps the stack's processes"
                            + store.keeper()
                                    .map(keeper -> " (pid " + keeper.pid() + ")")
                                    .orElse("")
                            + " did not start it",
                    null);
        }
        String trouble = store.read(service.name()).map(ProcessRecord::trouble).orElse("");
        if (!trouble.isEmpty()) {
            throw cannotStart(service, trouble, null);
        }
    }

    private static DriverException cannotStart(
            Service service, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String message = "'" + service.name() + "' can't be started: " + why;
        return cause == null
                ? new DriverException(Kind.REFUSED, message, "")
                : new DriverException(Kind.REFUSED, message, "", cause);
    }

    private Launch launchOf(StackDefinition definition, Service service) {
        Source.Process process = Workplace.processOf(service);
        AddressBook addresses = hostAddresses(definition);
        Programs programs = workplace.programsOf(service);
        Map<String, String> variables = new LinkedHashMap<>(programs.environment());
        service.environment().forEach((name, value) -> variables.put(name, value.resolve(addresses)));
        return new Launch(
                service.name(),
                workplace.directoryOf(service),
                programs.resolve(process.command().stream()
                        .map(word -> word.resolve(addresses))
                        .toList()),
                variables,
                service.restartPolicy(),
                service.stopPolicy().grace(),
                HealthAsk.of(service, endpoint -> addresses
                        .find(service.name(), service.endpoint(endpoint).name())
                        .port()));
    }

    private void stop(StackId id, String service) throws InterruptedException {
        ProcessStore store = store(id);
        Optional<ProcessRecord> record = store.read(service);
        if (record.isEmpty()) {
            return;
        }
        store.wishStop(service);
        record.get().family().end(record.get().grace(), Pause.REAL);
        boolean isNoted = store.keeper().isPresent()
                && await(LONGEST_WISH, () -> store.read(service)
                        .map(now -> now.state() != State.RUNNING && now.state() != State.RESTARTING)
                        .orElse(true));
        if (!isNoted) {
            // nobody is there any more who would
            store.write(record.get().ended(State.EXITED, 0, clock.instant()));
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean await(Duration longest, Condition condition) throws InterruptedException {
        Duration waited = Duration.ZERO;
        while (!condition.holds()) {
            if (waited.compareTo(longest) >= 0) {
                return false;
            }
            Pause.REAL.last(STEP);
            waited = waited.plus(STEP);
        }
        return true;
    }

    /** Return the household of the stack if this launcher keeps it, beginning it if no other does. */
    private synchronized Optional<Household> household(StackId id) {
        Household known = households.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        ProcessStore store = store(id);
        if (store.keeper().isPresent()) {
            return Optional.empty();
        }
        Household begun = new Household(store, sessions, guard, timer, clock, event -> tell(id, event));
        households.put(id, begun);
        return Optional.of(begun);
    }

    private synchronized boolean keeps(StackId id) {
        return households.containsKey(id);
    }

    private void tell(StackId id, ContainerEvent event) {
        listeners.stream()
                .filter(listening -> listening.id().equals(id))
                .forEach(listening -> listening.listener().accept(event));
    }

    private ProcessStore store(StackId id) {
        return new ProcessStore(stateDirectory, id);
    }

    @Override
    public ProbeTarget target(StackDefinition definition, Service service) {
        ProcessStore store = store(definition.id());
        return new ProcessTarget(
                service,
                () -> store.read(service.name())
                        .map(record -> record.seen(store.keeper().isPresent())),
                (command, longest) -> {
                    Launch launch = launchOf(definition, service);
                    return new HostCommand(
                                    workplace.programsOf(service).resolve(command),
                                    launch.directory(),
                                    launch.environment())
                            .run(longest, line -> {});
                },
                clock);
    }

    @Override
    public AddressBook hostAddresses(StackDefinition definition) {
        AddressBook others = containers.hostAddresses(definition);
        ProcessStore store = store(definition.id());
        return (serviceName, endpointName) -> {
            Service service = definition.owner(serviceName).service(serviceName);
            if (!(service.source() instanceof Source.Process)) {
                return others.find(serviceName, endpointName);
            }
            HostAndPort planned = new HostAddresses(definition).find(serviceName, endpointName);
            int inside = service.endpoint(endpointName).port();
            return store.read(serviceName)
                    .map(record -> record.hostPorts().get(inside))
                    .map(port -> new HostAndPort(Endpoint.LOOPBACK, port))
                    .orElse(planned);
        };
    }

    @Override
    public Watch watch(StackId id, Consumer<ContainerEvent> listener) {
        Listening listening = new Listening(id, listener);
        listeners.add(listening);
        Onlooker onlooker = new Onlooker(store(id), clock, listener);
        ScheduledFuture<?> looking = timer.scheduleWithFixedDelay(
                () -> {
                    if (!keeps(id)) {
                        onlooker.look();
                    }
                },
                0,
                BETWEEN_LOOKS.toMillis(),
                TimeUnit.MILLISECONDS);
        return () -> {
            looking.cancel(false);
            listeners.remove(listening);
        };
    }

    @Override
    public Optional<Lease> keeper(StackId id) {
        return store(id).keeper();
    }

    @Override
    public int freePort(int from) {
        return containers.freePort(from);
    }

    @Override
    public Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended) {
        ProcessStore store = store(id);
        return store.read(service)
                .map(record -> record.seen(store.keeper().isPresent()))
                .map(record -> {
                    List<String> lines = new ArrayList<>();
                    store.log(service).read(new LogRequest(-1, Optional.empty(), Follow.NO), line -> {
                        if (ended.isEmpty() || !line.at().isAfter(ended.get())) {
                            lines.add(line.text());
                        }
                    });
                    return new PostMortem(
                            record.state().name().toLowerCase(java.util.Locale.ROOT),
                            record.exitCode(),
                            PostMortem.Memory.ENOUGH,
                            0,
                            record.trouble(),
                            "",
                            lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
                });
    }

    @Override
    public Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer) {
        LogFile.Tail tail = store(id).log(service).read(request, consumer);
        return switch (request.follow()) {
            case NO -> () -> {};
            case YES -> {
                ScheduledFuture<?> following = timer.scheduleWithFixedDelay(
                        () -> tail.next(consumer), 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
                yield () -> following.cancel(false);
            }
        };
    }

    @Override
    public ExecResult exec(StackId id, String service, List<String> command, Duration timeout) {
        throw new DriverException(
                Kind.REFUSED,
                "'" + service + "' is a process of this host, and not a place to run commands in.",
                "run the command on the host; 'env " + service + "' shows the environment");
    }

    /** End the processes that this launcher keeps. */
    @Override
    public void close() {
        List<Household> closing;
        synchronized (this) {
            closing = List.copyOf(households.values());
            households.clear();
        }
        closing.forEach(Household::close);
        guard.close();
        timer.shutdownNow();
    }
}
