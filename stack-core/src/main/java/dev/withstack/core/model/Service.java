package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One node of a stack: what runs, what it needs, and how to tell that it is ready. Immutable; every method that
 * changes something returns a new service.
 */
public final class Service implements Declared<Service> {
    private static final int SHORTEST_SECRET = 6;

    private final Draft draft;

    private Service(Draft draft) {
        this.draft = draft;
    }

    /** Declare a service that runs an image, such as {@code redis:7-alpine}. */
    public static Service image(String name, String reference) {
        return new Service(new Draft(name, new Source.Image(reference)));
    }

    /** Declare a service that is built from a directory of the project with a {@code Dockerfile} in it. */
    public static Service built(String name, String directory) {
        return new Service(new Draft(name, new Source.Build(directory, "Dockerfile", "", Map.of())))
                .tier(Tier.APPLICATION);
    }

    /**
     * Declare a service that is a container of the user's own making: any Testcontainers container.
     *
     * <p>What is set on the container stays; what the service declares is added to it or goes before it. It is ready when
     * its own wait strategy says so and every port declared here listens, unless {@link #probe} tells otherwise. Every port
     * that it exposes is published on the loopback address, as Testcontainers needs it; only those declared here with
     * {@link #port} have an address in the stack. Of changes made within the supplier, a later start sees another image
     * only: put on the service what should be compared.
     *
     * @param type what to call its type in messages
     * @param container makes a new, not yet started container at each call
     */
    public static Service provided(String name, String type, Supplier<?> container) {
        return new Service(new Draft(name, new Source.Provided(type, container))).probe(new Probe.ItsOwn());
    }

    /**
     * Declare a service that is a process of this host. It is told by {@link Declared#ownPort} where to listen, ends with
     * the launcher that started it, and is not started again by itself unless it is given a {@link RestartPolicy}.
     *
     * @param directory where it runs, relative to the project directory; empty is that itself
     * @param command the program and its arguments
     */
    public static Service process(String name, String directory, String... command) {
        List<Value> words = Stream.of(command).map(Value::text).toList();
        return new Service(new Draft(name, new Source.Process(directory, words, Tools.NONE, "", List.of())))
                .tier(Tier.APPLICATION)
                .restart(RestartPolicy.NEVER);
    }

    /** Declare a service that runs elsewhere already: it is checked, never started or stopped. */
    public static Service external(String name, HostAndPort... addresses) {
        return new Service(new Draft(name, new Source.External(List.of(addresses))));
    }

    @Override
    public Service service() {
        return this;
    }

    @Override
    public Service with(Service changed) {
        return changed;
    }

    /** Return a copy with the change made. */
    Service changed(Consumer<Draft> change) {
        Draft copy = new Draft(draft);
        change.accept(copy);
        return new Service(copy);
    }

    /** Return the name: unique in its stack, and its host name within the network. */
    @Override
    public String name() {
        return draft.name;
    }

    /** Return the same service under another name. */
    Service renamed(String name) {
        return new Service(new Draft(name, draft));
    }

    public Source source() {
        return draft.source;
    }

    public Tier tier() {
        return draft.tier;
    }

    /** Return what the image's entry point is given; empty for the image's own command. */
    public List<String> command() {
        return List.copyOf(draft.command);
    }

    public Map<String, Value> environment() {
        return Ordered.copyOf(draft.environment);
    }

    public List<Endpoint> endpoints() {
        return List.copyOf(draft.endpoints.values());
    }

    /**
     * Return the endpoint of the given name, or the first one if the name is empty.
     *
     * @throws IllegalArgumentException if there is none, listing those there are
     */
    public Endpoint endpoint(String name) {
        if (name.isEmpty() && !draft.endpoints.isEmpty()) {
            return draft.endpoints.values().iterator().next();
        }
        Endpoint found = draft.endpoints.get(name);
        if (found == null) {
            throw new IllegalArgumentException("Service '" + draft.name + "' has no endpoint '" + name + "'; it has: "
                    + String.join(", ", draft.endpoints.keySet()) + ".");
        }
        return found;
    }

    /** Return the variable by which a user changes something of this service, such as {@code PIPELINE_API_IMAGE}. */
    public String variable(String what) {
        return Names.variable(declaredName(), what);
    }

    /** Return the variable by which a user moves the endpoint to another port of the host. */
    public String portVariable(Endpoint endpoint) {
        String general = endpoint.equals(endpoint("")) ? variable("PORT") : ownPortVariable(endpoint);
        return draft.portVariables.getOrDefault(endpoint.name(), general);
    }

    /** Return the variables that move the endpoint, the strongest first. */
    public List<String> portVariables(Endpoint endpoint) {
        Set<String> variables = new LinkedHashSet<>();
        variables.add(ownPortVariable(endpoint));
        variables.add(portVariable(endpoint));
        if (endpoint.equals(endpoint(""))) {
            variables.add(variable("PORT"));
        }
        return List.copyOf(variables);
    }

    private String ownPortVariable(Endpoint endpoint) {
        return Names.variable(draft.name + "-" + endpoint.name(), "PORT");
    }

    public List<VolumeMount> volumes() {
        return List.copyOf(draft.volumes);
    }

    /** Return the names of the stack's networks that it is on; empty means all. */
    public Set<String> networks() {
        return Ordered.copyOf(draft.networks);
    }

    /** Return what is put into the container when it is created. */
    public List<FileMount> files() {
        return List.copyOf(draft.files.values());
    }

    /** Return everything in which other services can be referred to, by what it is: {@code variable REDIS_URL}. */
    public Map<String, Value> values() {
        Map<String, Value> values = new LinkedHashMap<>();
        draft.environment.forEach((name, value) -> values.put("variable " + name, value));
        if (draft.source instanceof Source.Process process) {
            values.put("command", Value.join(process.command().toArray()));
        }
        for (FileMount file : draft.files.values()) {
            if (file instanceof FileMount.Generated generated) {
                values.put("file " + file.path(), allOf(generated));
            } else if (file instanceof FileMount.FromProject own) {
                own.otherwise().forEach(generated -> values.put("file " + generated.path(), allOf(generated)));
            }
        }
        return values;
    }

    /** Return the secrets that it is given or asked for, those too short to be told from ordinary words left out. */
    public Set<String> secrets() {
        List<Value> values = new ArrayList<>(values().values());
        draft.probe.ifPresent(probe -> {
            if (probe instanceof Probe.PostgresLogin login) {
                values.add(login.password());
            } else if (probe instanceof Probe.RedisPing ping) {
                ping.password().ifPresent(values::add);
            }
        });
        Set<String> secrets = new LinkedHashSet<>();
        values.forEach(value -> value.visit(part -> {
            if (part instanceof Value.Secret secret && secret.text().length() >= SHORTEST_SECRET) {
                secrets.add(secret.text());
            }
        }));
        return Ordered.copyOf(secrets);
    }

    private static Value allOf(FileMount.Generated generated) {
        return Value.join(generated.contents().values().toArray());
    }

    /** Return the edges: those declared, and those that follow from the values used where none is declared. */
    public List<Dependency> dependencies() {
        Map<String, Dependency> byName = new LinkedHashMap<>();
        draft.dependencies.forEach(dependency -> byName.put(dependency.on(), dependency));
        values().values().stream()
                .flatMap(value -> value.addresses().stream())
                .filter(address -> address.edge() == Value.Edge.HEALTHY)
                .filter(address -> !address.service().equals(draft.name))
                .filter(address -> !address.service().equals(draft.replicaOf.orElse("")))
                .forEach(address -> byName.putIfAbsent(address.service(), Dependency.healthy(address.service())));
        return List.copyOf(byName.values());
    }

    /** Return how readiness is found out; empty means that running on for a second counts as ready. */
    public Optional<Probe> probe() {
        return draft.probe;
    }

    /** Return how long this service may take to become ready. */
    public java.time.Duration patience() {
        return draft.patience;
    }

    /** Return how long this service usually takes to become ready: where several could be started, the slowest is first. */
    public java.time.Duration usualBoot() {
        return draft.usualBoot;
    }

    /** Tell whether it runs once, to its end, rather than on and on. */
    public boolean isOneShot() {
        return draft.probe.map(probe -> probe instanceof Probe.Completion).orElse(false);
    }

    /** Tell when it is started. */
    public Starts starts() {
        return draft.starts;
    }

    public Optional<ContainerCheck> containerCheck() {
        return draft.containerCheck;
    }

    public RestartPolicy restartPolicy() {
        return draft.restartPolicy;
    }

    /** Return how many there are of the service, if it is made to be several. */
    public Optional<Replicas> replicas() {
        return draft.replicas;
    }

    /** Return the name of the service that this is one of several of. */
    public Optional<String> replicaOf() {
        return draft.replicaOf;
    }

    /** Return the name under which it was declared, whichever of its replicas this is: what settings and images go by. */
    public String declaredName() {
        return draft.replicaOf.orElse(draft.name);
    }

    /** Return the number of this replica, counted from 1; 0 if it is none. */
    public int ordinal() {
        String own = draft.replicaOf
                .map(several -> draft.name.substring(several.length()))
                .orElse("-0");
        return own.isEmpty() ? 1 : Integer.parseInt(own.substring(1));
    }

    /** Return which of two versions this is made to be, where both run beside each other. */
    public Lineup.Colour colour() {
        return draft.colour;
    }

    /** Return the same service of another colour. */
    public Service coloured(Lineup.Colour colour) {
        return changed(draft -> draft.colour = colour);
    }

    /** Return the service whose entry leads to this replica; empty if there is no entry in front of it. */
    public Optional<String> entry() {
        return draft.endpoints.isEmpty() ? Optional.empty() : draft.replicaOf;
    }

    /** Return the names in the network of the line-ups that this replica is in; none without an entry. */
    public List<String> lineups() {
        return entry().map(entry -> Lineup.namesOf(entry, ordinal(), draft.colour))
                .orElse(List.of());
    }

    public Limits limits() {
        return draft.limits;
    }

    public Hardening hardening() {
        return draft.hardening;
    }

    /** Return what its container is set up with that few need. */
    public Setup setup() {
        return draft.setup;
    }

    /** Return how much of its log is kept; empty for as much as the engine keeps. */
    public Optional<LogRotation> logRotation() {
        return draft.logRotation;
    }

    public StopPolicy stopPolicy() {
        return draft.stopPolicy;
    }

    /** Return the server family that writes this service's volumes, such as {@code postgres}. */
    public Optional<String> family() {
        return draft.family;
    }

    /** Return what kind of data it holds, where that is more than files in its volumes. */
    public Optional<Data> data() {
        return draft.data;
    }

    /** Return the directory of the project with the files that change its database, each once and in order. */
    public Optional<String> migrations() {
        return draft.migrations;
    }

    /**
     * Return the directory of the container whose content, after a start on an empty one, follows from nothing but image,
     * command, environment and files; empty if there is none, or nobody says so.
     */
    public Optional<String> initialData() {
        return draft.initialData;
    }

    public Optional<Shell> shell() {
        return draft.shell;
    }

    public Optional<HostRun> hostRun() {
        return draft.hostRun;
    }

    /** Return a path that shows a person that the service works, by endpoint name. */
    public Map<String, String> pages() {
        return Ordered.copyOf(draft.pages);
    }

    /** Return the streams of events that the service promises. */
    public List<StreamCheck> streams() {
        return List.copyOf(draft.streams);
    }

    public Set<String> aliases() {
        return Ordered.copyOf(draft.aliases);
    }

    /** Return what its rules find wrong; what runs elsewhere is not ours to judge. */
    List<Problem> problems() {
        return draft.source instanceof Source.External
                ? List.of()
                : draft.rules.stream()
                        .flatMap(rule -> rule.apply(this).stream())
                        .toList();
    }

    /** When a service is started. */
    public enum Starts {
        /** With its stack. */
        WITH_STACK,
        /** Only when it is asked for by name. */
        ON_REQUEST
    }

    @Override
    public String toString() {
        return "Service[" + draft.name + "]";
    }

    /** The parts of a service while they are put together. */
    static final class Draft {
        final String name;
        Source source;
        Tier tier = Tier.INFRASTRUCTURE;
        List<String> command = new ArrayList<>();
        final Map<String, Value> environment = new LinkedHashMap<>();
        final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
        final Map<String, String> portVariables = new LinkedHashMap<>();
        final List<VolumeMount> volumes = new ArrayList<>();
        final Set<String> networks = new LinkedHashSet<>();
        final Map<String, FileMount> files = new LinkedHashMap<>();
        final List<Dependency> dependencies = new ArrayList<>();
        Starts starts = Starts.WITH_STACK;
        Hardening hardening = Hardening.NONE;
        Setup setup = Setup.NONE;
        Optional<LogRotation> logRotation = Optional.empty();
        Optional<Probe> probe = Optional.empty();
        java.time.Duration patience = Probe.PATIENCE;
        java.time.Duration usualBoot = java.time.Duration.ofMillis(500);
        Optional<ContainerCheck> containerCheck = Optional.empty();
        RestartPolicy restartPolicy = RestartPolicy.UNLESS_STOPPED;
        Optional<Replicas> replicas = Optional.empty();
        Optional<String> replicaOf = Optional.empty();
        Lineup.Colour colour = Lineup.Colour.BLUE;
        Limits limits = Limits.NONE;
        StopPolicy stopPolicy = StopPolicy.DEFAULT;
        Optional<String> family = Optional.empty();
        Optional<Data> data = Optional.empty();
        Optional<String> migrations = Optional.empty();
        Optional<String> initialData = Optional.empty();
        Optional<Shell> shell = Optional.empty();
        Optional<HostRun> hostRun = Optional.empty();
        final Map<String, String> pages = new LinkedHashMap<>();
        final List<StreamCheck> streams = new ArrayList<>();
        final Set<String> aliases = new LinkedHashSet<>();
        final List<Function<Service, Optional<Problem>>> rules = new ArrayList<>();

        Draft(String name, Source source) {
            this.name = name;
            this.source = source;
        }

        Draft(Draft from) {
            this(from.name, from);
        }

        Draft(String name, Draft from) {
            this(name, from.source);
            tier = from.tier;
            command = new ArrayList<>(from.command);
            environment.putAll(from.environment);
            endpoints.putAll(from.endpoints);
            portVariables.putAll(from.portVariables);
            volumes.addAll(from.volumes);
            networks.addAll(from.networks);
            files.putAll(from.files);
            dependencies.addAll(from.dependencies);
            starts = from.starts;
            hardening = from.hardening;
            setup = from.setup;
            logRotation = from.logRotation;
            probe = from.probe;
            patience = from.patience;
            usualBoot = from.usualBoot;
            containerCheck = from.containerCheck;
            restartPolicy = from.restartPolicy;
            replicas = from.replicas;
            replicaOf = from.replicaOf;
            colour = from.colour;
            limits = from.limits;
            stopPolicy = from.stopPolicy;
            family = from.family;
            data = from.data;
            migrations = from.migrations;
            initialData = from.initialData;
            shell = from.shell;
            hostRun = from.hostRun;
            pages.putAll(from.pages);
            streams.addAll(from.streams);
            aliases.addAll(from.aliases);
            rules.addAll(from.rules);
        }
    }
}
