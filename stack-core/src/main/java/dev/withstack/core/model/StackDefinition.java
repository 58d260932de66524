package dev.withstack.core.model;

import dev.withstack.core.graph.Graph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A named set of services and their dependencies: inert data, checked when it is built. Immutable.
 *
 * <p>Order is the order of declaration, everywhere.
 */
public final class StackDefinition {
    private final StackId id;
    private final List<Network> networks;
    private final Map<String, Service> declared;
    private final Map<String, Service> services;
    private final Tier developedOn;
    private final Optional<StackDefinition> base;
    private final List<Share> shares;

    private StackDefinition(StackId id, Map<String, Service> declared, Builder from) {
        this.id = id;
        this.networks = List.copyOf(from.networks);
        this.declared = Ordered.copyOf(declared);
        this.services = Ordered.copyOf(new Expansion(declared.values()).services());
        this.developedOn = from.developedOn;
        this.base = from.base;
        this.shares = List.copyOf(from.shares);
    }

    /** Begin the definition of the stack as it is run in the environment. */
    public static Builder of(String stack, Environment environment) {
        return new Builder(StackId.of(stack, environment));
    }

    public StackId id() {
        return id;
    }

    public String name() {
        return id.stack();
    }

    public Environment environment() {
        return id.environment();
    }

    /** Return the services by name, in the order of declaration; one that has replicas is each of them. */
    public Map<String, Service> services() {
        return services;
    }

    /** Return the services by name as they were declared, each once, however many there are of it. */
    public Map<String, Service> declared() {
        return declared;
    }

    /**
     * Return the names of the services that a name stands for: of one that has replicas, all of them and their entry.
     *
     * @throws IllegalArgumentException if it stands for none, listing the names there are
     */
    public List<String> meant(String name) {
        List<String> names = services.values().stream()
                .filter(service ->
                        service.name().equals(name) || service.replicaOf().equals(Optional.of(name)))
                .map(Service::name)
                .toList();
        return names.isEmpty() ? List.of(service(name).name()) : names;
    }

    /**
     * Return the service of that name, of this stack or its base, or the first of its replicas: where its program runs.
     *
     * @throws IllegalArgumentException if there is none, listing those there are
     */
    public Service program(String name) {
        if (base.isPresent() && base.get().declared().containsKey(name) && !declared.containsKey(name)) {
            return base.get().program(name);
        }
        return service(Optional.ofNullable(declared.get(name)).map(Expansion::replicasOf).orElse(List.of()).stream()
                .findFirst()
                .orElse(name));
    }

    /** Return how many replicas the services have that are made to be several. */
    public Map<String, Integer> replicas() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        declared.forEach((name, service) -> {
            int number = Expansion.replicasOf(service).size();
            if (number > 0) {
                numbers.put(name, number);
            }
        });
        return numbers;
    }

    /** Return the replicas that the service of that name leads to; none if it is no entry. */
    public List<Service> replicasBehind(String name) {
        return services.values().stream()
                .filter(service -> service.entry().equals(Optional.of(name)))
                .toList();
    }

    /** Return the same stack with other numbers of replicas, by service, all of which {@code dev} starts. */
    public StackDefinition scaled(Map<String, Integer> numbers) {
        return map(service -> service.replicas()
                .map(replicas ->
                        service.replicas(replicas.scaled(numbers.getOrDefault(service.name(), replicas.number()))))
                .orElse(service));
    }

    /** Find the service that a name of one of its replicas belongs to, though it has fewer of them now. */
    public Optional<Service> hadReplica(String name) {
        return declared.values().stream()
                .filter(service -> !Expansion.replicasOf(service).isEmpty() && !services.containsKey(name))
                .filter(service -> name.matches(Pattern.quote(service.name()) + "-[0-9]+"))
                .findFirst();
    }

    /**
     * Return the service of that name.
     *
     * @throws IllegalArgumentException if there is none, listing those there are
     */
    public Service service(String name) {
        Service found = services.get(name);
        if (found == null) {
            throw new IllegalArgumentException("Stack '" + name() + "' has no service '" + name + "'; it has: "
                    + String.join(", ", services.keySet()) + ".");
        }
        return found;
    }

    /** Find the service, of the base too, by its name or by the alias of its shell. */
    public Optional<Service> serviceWithShell(String nameOrAlias) {
        return servicesWithBase().values().stream()
                .filter(service -> service.shell()
                        .map(shell -> service.name().equals(nameOrAlias)
                                || service.replicaOf().equals(Optional.of(nameOrAlias))
                                || shell.alias().equals(nameOrAlias))
                        .orElse(false))
                .findFirst();
    }

    /** Return the names on the engine of all its networks: one of its own where it declares none. */
    public List<String> networks() {
        return networks.isEmpty()
                ? List.of(id.prefix())
                : networks.stream().map(network -> network.nameIn(id)).toList();
    }

    /** Return the names on the engine of the networks that the service is on. */
    public List<String> networksOf(Service service) {
        if (service.source() instanceof Source.Process || !service.setup().isOnNetworks()) {
            return List.of();
        }
        return service.networks().isEmpty()
                ? networks()
                : networks.stream()
                        .filter(network -> service.networks().contains(network.name()))
                        .map(network -> network.nameIn(id))
                        .toList();
    }

    /** Return the networks that it declares; none where it has one of its own. */
    public List<Network> declaredNetworks() {
        return networks;
    }

    /** Tell whether it declares its networks, rather than having one of its own. */
    public boolean declaresNetworks() {
        return !networks.isEmpty();
    }

    /** Return who depends on whom of its own services, if only where both are started; the base is there before them. */
    public Graph<String> graph() {
        return graph(dependency -> true);
    }

    /** Return the services with all of its own that they require, directly or not. */
    public Set<String> closure(Collection<String> of) {
        return graph(dependency -> dependency.need() == Dependency.Need.REQUIRED)
                .closure(of);
    }

    private Graph<String> graph(Predicate<Dependency> counts) {
        Map<String, List<String>> edges = new LinkedHashMap<>();
        services.forEach((name, service) -> edges.put(
                name,
                service.dependencies().stream()
                        .filter(counts)
                        .map(Dependency::on)
                        .filter(services::containsKey)
                        .toList()));
        return Graph.of(edges);
    }

    /** Return the stack whose services this one uses, and which it shares with other environments. */
    public Optional<StackDefinition> base() {
        return base;
    }

    /** Return which parts of its servers' data are this stack's own. */
    public List<Share> shares() {
        return shares;
    }

    /**
     * Return the definition that the service belongs to: this one or its base.
     *
     * @throws IllegalArgumentException if neither has it, listing those there are
     */
    public StackDefinition owner(String service) {
        boolean isOfBase = !services.containsKey(service)
                && base.filter(shared -> shared.services.containsKey(service)).isPresent();
        StackDefinition owner = isOfBase ? base.orElseThrow() : this;
        owner.service(service);
        return owner;
    }

    /** Return all services that can be named here: those of the base first, then this stack's own. */
    public Map<String, Service> servicesWithBase() {
        Map<String, Service> all = new LinkedHashMap<>();
        base.ifPresent(shared -> all.putAll(shared.services));
        all.putAll(services);
        return all;
    }

    /** Return the host name that a service of this stack has on the networks of the base: {@code dev-app}. */
    public String nameOnBase(String service) {
        return id.environment().id() + "-" + service;
    }

    /** Return the names of the services that are started with the stack, without being asked for. */
    public List<String> startedWithStack() {
        return services.values().stream()
                .filter(service -> service.starts() == Service.Starts.WITH_STACK)
                .map(Service::name)
                .toList();
    }

    /** Return up to which tier {@code dev} starts this stack; the rest is meant to be run on the host. */
    public Tier developedOn() {
        return developedOn;
    }

    /** Return the names of the services that {@code dev} starts. */
    public List<String> developed() {
        List<String> names = new ArrayList<>(upTo(developedOn));
        for (Service service : declared.values()) {
            int developed = service.replicas().map(Replicas::developed).orElse(0);
            Expansion.replicasOf(service).stream().skip(developed).forEach(names::remove);
        }
        return names;
    }

    /** Return the names of the services up to and including the tier, without those started on request only. */
    public List<String> upTo(Tier tier) {
        return startedWithStack().stream()
                .filter(name -> service(name).tier().compareTo(tier) <= 0)
                .toList();
    }

    /** Return the same stack for one run among several at once. */
    public StackDefinition forRun(String run) {
        Builder builder = copy();
        builder.base = base.map(shared -> shared.forRun(run));
        return new StackDefinition(new StackId(id.stack(), id.environment(), run), declared, builder);
    }

    /** Return the same stack under another name. */
    public StackDefinition called(StackId other) {
        return new StackDefinition(other, declared, copy());
    }

    /** Return the same stack on this base, which has the same services. */
    public StackDefinition on(StackDefinition sameBase) {
        Builder builder = copy();
        builder.base = Optional.of(sameBase);
        return new StackDefinition(id, declared, builder);
    }

    /**
     * Return the same stack with every service of its own changed as given, one that has replicas for all of them.
     *
     * @throws InvalidDefinitionException if it is no longer sound
     */
    public StackDefinition map(UnaryOperator<Service> change) {
        Builder builder = copy();
        declared.values().forEach(service -> builder.add(change.apply(service)));
        return builder.build();
    }

    /** Begin a new definition with all that this one has: a shipped stack is extended without copying it. */
    public Builder extend() {
        Builder builder = copy();
        declared.values().forEach(builder::add);
        return builder;
    }

    /** Return a builder with all but the services. */
    private Builder copy() {
        Builder builder = new Builder(id).developedOn(developedOn);
        builder.networks.addAll(networks);
        builder.base = base;
        builder.shares.addAll(shares);
        return builder;
    }

    @Override
    public String toString() {
        return "StackDefinition[" + id + ": " + String.join(", ", services.keySet()) + "]";
    }

    /** Collects the services of a definition. Not safe for use by several threads. */
    public static final class Builder {
        private final StackId id;
        private final List<Network> networks = new ArrayList<>();
        private final List<Service> services = new ArrayList<>();
        private final List<String> replaced = new ArrayList<>();
        private final List<Share> shares = new ArrayList<>();
        private Optional<StackDefinition> base = Optional.empty();
        private Tier developedOn = Tier.APPLICATION;

        private Builder(StackId id) {
            this.id = id;
        }

        /** Declare a network; the stack has none then but those declared. */
        public Builder network(String name) {
            return network(name, "");
        }

        /**
         * Declare a network that is called so on the engine: this stack in this environment has the name to itself, so
         * the other environments of the stack give theirs another.
         */
        public Builder network(String name, String wholeName) {
            return network(new Network(name, wholeName));
        }

        /** Declare a network; the stack has none then but those declared. */
        public Builder network(Network network) {
            networks.add(network);
            return this;
        }

        /** Add services, in this order. */
        public Builder add(Declared<?>... declared) {
            for (Declared<?> one : declared) {
                services.add(one.service());
            }
            return this;
        }

        /** Replace the service of the same name, in its place. */
        public Builder replace(Declared<?> declared) {
            replaced.add(declared.name());
            services.replaceAll(service -> service.name().equals(declared.name()) ? declared.service() : service);
            return this;
        }

        /**
         * Leave the service of that name out; what needs it has to go too, or to be replaced.
         *
         * @throws IllegalArgumentException if there is none, listing those there are
         */
        public Builder remove(String name) {
            if (!services.removeIf(service -> service.name().equals(name))) {
                throw new IllegalArgumentException("Stack '" + id.stack() + "' has no service '" + name + "'; it has: "
                        + services.stream().map(Service::name).collect(Collectors.joining(", ")) + ".");
            }
            return this;
        }

        /**
         * Stand on another stack, with a network, a lock and a life of its own: it is brought up first where it is not
         * up, stays when this one goes, and its services can be referred to like this stack's own.
         */
        public Builder base(StackDefinition shared) {
            base = Optional.of(shared);
            return this;
        }

        /** Keep data in a part of a server: it is made when this stack starts, and goes with this stack's data. */
        public Builder share(Share... parts) {
            shares.addAll(List.of(parts));
            return this;
        }

        /** Let {@code dev} start the services up to this tier only. */
        public Builder developedOn(Tier tier) {
            developedOn = tier;
            return this;
        }

        /**
         * Check the whole and build it.
         *
         * @throws InvalidDefinitionException with all problems at once
         */
        public StackDefinition build() {
            List<Problem> problems =
                    new DefinitionCheck(id.stack(), networks, services, replaced, base, shares).problems();
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("Stack '" + id.stack() + "' is not sound", problems);
            }
            Map<String, Service> byName = new LinkedHashMap<>();
            services.forEach(service -> byName.put(service.name(), service));
            return new StackDefinition(id, byName, this);
        }
    }
}
