package dev.withstack.launcher;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.PostMortem;
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
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
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
import java.util.TreeMap;
import java.util.function.Consumer;

/** An engine in memory that outlives the drivers opened on it, as a real one outlives the launcher. */
final class FakeEngine {
    final Map<String, Map<String, Observed.Container>> stacks = new LinkedHashMap<>();
    final Map<String, Map<String, Observed.Container>> aside = new LinkedHashMap<>();
    final Set<String> networks = new LinkedHashSet<>();
    final Map<String, Observed.Volume> volumes = new LinkedHashMap<>();
    final Map<String, Answer> answers = new LinkedHashMap<>();
    final Map<Integer, String> portOwners = new LinkedHashMap<>();
    final List<Driver.LogLine> log = new ArrayList<>();
    final List<Driver.Happening> past = new ArrayList<>();
    final Map<String, Driver.Usage> usage = new LinkedHashMap<>();
    final List<Consumer<ContainerEvent>> listeners = new ArrayList<>();
    final List<String> performed = new ArrayList<>();
    final Map<String, String> digests = new LinkedHashMap<>();
    String host = Endpoint.LOOPBACK;
    Optional<DriverException> unreachable = Optional.empty();
    Driver.ExecResult answerToExec = new Driver.ExecResult(0, "", "");
    Interference beforeEach = step -> {};
    int created;
    int opened;
    int closed;

    /** What happens before a step has its effect. */
    @FunctionalInterface
    interface Interference {
        void before(Step step) throws InterruptedException;
    }

    Driver open() {
        unreachable.ifPresent(failure -> {
            throw failure;
        });
        opened++;
        return new Hand();
    }

    /** Change what the engine shows of a container. */
    synchronized void show(StackId id, String service, Observed.State state, Observed.Health health, String status) {
        Map<String, Observed.Container> containers = stacks.get(id.prefix());
        Observed.Container old = containers.get(service);
        containers.put(
                service,
                new Observed.Container(
                        service,
                        old.id(),
                        old.name(),
                        state,
                        state == Observed.State.EXITED ? 137 : 0,
                        health,
                        old.imageId(),
                        old.fingerprint(),
                        old.needs(),
                        state == Observed.State.RUNNING ? old.hostPorts() : Map.of(),
                        old.networks(),
                        old.image(),
                        status,
                        old.colour()));
    }

    /** Take a container off its networks. */
    synchronized void cutOff(StackId id, String service) {
        Map<String, Observed.Container> containers = stacks.get(id.prefix());
        Observed.Container old = containers.get(service);
        containers.put(
                service,
                new Observed.Container(
                        service,
                        old.id(),
                        old.name(),
                        old.state(),
                        old.exitCode(),
                        old.health(),
                        old.imageId(),
                        old.fingerprint(),
                        old.needs(),
                        old.hostPorts(),
                        Set.of(),
                        old.image(),
                        old.status(),
                        old.colour()));
    }

    synchronized List<String> performed() {
        List<String> steps = List.copyOf(performed);
        performed.clear();
        return steps;
    }

    private static ImageUse imageOf(Service service) {
        if (service.source() instanceof Source.Image image) {
            boolean isStandIn = service.name().equals("cache");
            return isStandIn
                    ? new ImageUse(
                            image.reference(), "offline/cache:1", "id", ImageUse.Standing.STAND_IN, "no cache", "")
                    : new ImageUse(
                            image.reference(), image.reference(), "id", ImageUse.Standing.UPSTREAM, "", "db/1/real");
        }
        return new ImageUse("built from api", "shop-api:1", "id", ImageUse.Standing.BUILT, "", "");
    }

    private final class Hand implements Driver {

        @Override
        public String describe() {
            return "an engine in memory";
        }

        @Override
        public List<String> digests(String image) {
            return Optional.ofNullable(digests.get(image)).map(List::of).orElse(List.of());
        }

        @Override
        public Observed observe(StackDefinition definition, Collection<String> services) {
            synchronized (FakeEngine.this) {
                Map<String, ImageUse> images = new LinkedHashMap<>();
                Map<Integer, String> owners = new LinkedHashMap<>();
                for (String name : services) {
                    Service service = definition.service(name);
                    images.put(name, imageOf(service));
                    for (Endpoint endpoint : service.endpoints()) {
                        if (endpoint.publication() instanceof Endpoint.Fixed fixed
                                && portOwners.containsKey(fixed.hostPort())) {
                            owners.put(fixed.hostPort(), portOwners.get(fixed.hostPort()));
                        }
                    }
                }
                return seen(definition.id(), networks, volumes)
                        .withImages(images)
                        .withPortOwners(owners);
            }
        }

        @Override
        public Observed observe(StackId id) {
            synchronized (FakeEngine.this) {
                Set<String> own = new LinkedHashSet<>(networks);
                own.removeIf(name -> !name.equals(id.prefix()));
                Map<String, Observed.Volume> ownVolumes = new LinkedHashMap<>(volumes);
                ownVolumes.values().removeIf(volume -> !volume.owner()
                        .equals(id.stack() + "/" + id.environment().id()));
                return seen(id, own, ownVolumes);
            }
        }

        private Observed seen(StackId id, Set<String> networks, Map<String, Observed.Volume> volumes) {
            return new Observed(
                    containers(id),
                    asideOf(id),
                    Map.of(),
                    Map.of(),
                    networks,
                    volumes,
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of());
        }

        private Map<String, Observed.Container> containers(StackId id) {
            return stacks.computeIfAbsent(id.prefix(), key -> new TreeMap<>());
        }

        private Map<String, Observed.Container> asideOf(StackId id) {
            return aside.computeIfAbsent(id.prefix(), key -> new LinkedHashMap<>());
        }

        private void move(String service, Map<String, Observed.Container> from, Map<String, Observed.Container> to) {
            to.put(service, java.util.Objects.requireNonNull(from.remove(service)));
        }

        @Override
        public void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
                throws InterruptedException {
            beforeEach.before(step);
            synchronized (FakeEngine.this) {
                performed.add(step.text());
                Map<String, Observed.Container> containers = containers(definition.id());
                if (step instanceof Step.CreateNetwork network) {
                    networks.add(network.name());
                } else if (step instanceof Step.RemoveNetwork network) {
                    networks.remove(network.name());
                } else if (step instanceof Step.CreateVolume volume) {
                    String owner =
                            definition.name() + "/" + definition.environment().id();
                    volumes.put(volume.name(), new Observed.Volume(volume.name(), owner, volume.lineage()));
                } else if (step instanceof Step.RemoveVolume volume) {
                    volumes.remove(volume.name());
                } else if (step instanceof Step.CreateContainer create) {
                    containers.put(create.service(), created(definition, definition.service(create.service())));
                } else if (step instanceof Step.StartContainer start) {
                    show(
                            definition.id(),
                            start.service(),
                            Observed.State.RUNNING,
                            health(definition, start),
                            "Up 1 second");
                } else if (step instanceof Step.StopContainer stop) {
                    Observed.Container current = containers.get(stop.service());
                    if (current != null && current.id().equals(stop.containerId())) {
                        show(
                                definition.id(),
                                stop.service(),
                                Observed.State.EXITED,
                                Observed.Health.NONE,
                                "Exited (137)");
                    }
                } else if (step instanceof Step.RemoveContainer remove) {
                    containers.remove(remove.service());
                } else if (step instanceof Step.SetAside away) {
                    move(away.service(), containers, asideOf(definition.id()));
                } else if (step instanceof Step.BringBack back) {
                    move(back.service(), asideOf(definition.id()), containers);
                } else if (step instanceof Step.StartAgain again) {
                    show(definition.id(), again.service(), Observed.State.RUNNING, Observed.Health.NONE, "Up 1 second");
                } else if (step instanceof Step.KeepReplaced keep) {
                    asideOf(definition.id()).remove(keep.service());
                } else if (step instanceof Step.RemoveReplaced replaced) {
                    asideOf(definition.id()).remove(replaced.service());
                }
            }
        }

        private Observed.Health health(StackDefinition definition, Step.StartContainer start) {
            boolean isWatched =
                    definition.service(start.service()).containerCheck().isPresent();
            return isWatched ? Observed.Health.HEALTHY : Observed.Health.NONE;
        }

        private Observed.Container created(StackDefinition definition, Service service) {
            Map<Integer, Integer> ports = new LinkedHashMap<>();
            for (Endpoint endpoint : service.endpoints()) {
                if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                    ports.put(endpoint.port(), fixed.hostPort());
                }
            }
            return new Observed.Container(
                    service.name(),
                    service.name() + "#" + ++created,
                    definition.id().containerName(service.name()),
                    Observed.State.CREATED,
                    0,
                    Observed.Health.NONE,
                    "id",
                    Fingerprint.of(definition, service, imageOf(service)),
                    service.dependencies().stream().map(Dependency::on).toList(),
                    ports,
                    Set.copyOf(definition.networksOf(service)),
                    imageOf(service),
                    "Created",
                    Lineup.Colour.BLUE);
        }

        @Override
        public ProbeTarget target(StackDefinition definition, Service service) {
            return new ProbeTarget() {
                @Override
                public HostAndPort address(String endpoint) {
                    return hostAddresses(definition).find(service.name(), endpoint);
                }

                @Override
                public Answer run(List<String> command, Duration timeout) {
                    return askItself();
                }

                @Override
                public Answer askItself() {
                    return answers.getOrDefault(service.name(), Answer.READY);
                }

                @Override
                public Duration uptime() {
                    return Duration.ofHours(1);
                }
            };
        }

        @Override
        public String host() {
            return host;
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
            synchronized (FakeEngine.this) {
                listeners.add(listener);
            }
            return () -> {
                synchronized (FakeEngine.this) {
                    listeners.remove(listener);
                }
            };
        }

        @Override
        public List<Happening> past(StackId id, Instant since) {
            return past.stream()
                    .filter(happening -> !happening.at().isBefore(since))
                    .toList();
        }

        @Override
        public Optional<Usage> usage(StackId id, String service) {
            return Optional.ofNullable(usage.get(service));
        }

        @Override
        public int freePort(int from) {
            return from;
        }

        @Override
        public Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended) {
            return Optional.of(new PostMortem(
                    "exited", 137, PostMortem.Memory.ENOUGH, 0, "", "", List.of("the last line of " + service)));
        }

        @Override
        public Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer) {
            List<LogLine> lines = log.stream()
                    .filter(line -> line.service().equals(service))
                    .filter(line -> !line.at().isBefore(request.since().orElse(Instant.MIN)))
                    .toList();
            int first = request.tail() < 0 ? 0 : Math.max(0, lines.size() - request.tail());
            lines.subList(first, lines.size()).forEach(consumer);
            return () -> {};
        }

        @Override
        public ExecResult exec(StackId id, String service, List<String> command, Duration timeout) {
            return answerToExec;
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
