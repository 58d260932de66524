package dev.withstack.core.model;

import dev.withstack.core.model.Endpoint.AnyFree;
import dev.withstack.core.model.Endpoint.Fixed;
import dev.withstack.core.model.Endpoint.Hidden;
import dev.withstack.core.model.VolumeMount.Naming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The vocabulary in which a service is declared, shared by {@link Service} and the ready-made services of the
 * catalogue. Every method returns a new declaration.
 *
 * @param <S> the type that declares, so that calls can be chained
 */
public interface Declared<S extends Declared<S>> {

    /** Return what has been declared so far. */
    Service service();

    /** Return this declaration around the changed service. */
    S with(Service changed);

    /** Return the service's name. */
    default String name() {
        return service().name();
    }

    /** Add an endpoint that only the stack's network can reach. */
    default S port(String endpoint, int port) {
        return with(service().changed(d -> d.endpoints.put(endpoint, new Endpoint(endpoint, port, new Hidden()))));
    }

    /** Publish the first endpoint on this port of the loopback address. */
    default S hostPort(int hostPort) {
        return hostPort("", hostPort);
    }

    /** Publish an endpoint on this port of the loopback address. */
    default S hostPort(String endpoint, int hostPort) {
        return published(endpoint, new Fixed(Endpoint.LOOPBACK, hostPort));
    }

    /** Publish an endpoint on whichever port of the loopback address is free. */
    default S anyHostPort(String endpoint) {
        return published(endpoint, new AnyFree(Endpoint.LOOPBACK));
    }

    /** Publish an endpoint as given, or hide it. */
    default S published(String endpoint, Endpoint.Publication publication) {
        Endpoint known = service().endpoint(endpoint);
        return with(service().changed(d -> d.endpoints.put(known.name(), known.published(publication))));
    }

    /** Let the user move the endpoint by this variable too, where a document gives it a name of its own. */
    default S portVariable(String endpoint, String variable) {
        String known = service().endpoint(endpoint).name();
        return with(service().changed(d -> d.portVariables.put(known, variable)));
    }

    /** Run from something else than declared before, such as another image. */
    default S source(Source source) {
        return with(service().changed(d -> d.source = source));
    }

    /** Build this stage of the Dockerfile. Other sources are left as they are. */
    default S target(String stage) {
        return service().source() instanceof Source.Build build
                ? source(new Source.Build(
                        build.directory(),
                        build.dockerfile(),
                        stage,
                        build.arguments(),
                        build.imageName(),
                        build.inline()))
                : with(service());
    }

    /** Call the image that is built so, and share it with services that call theirs the same. */
    default S imageName(String name) {
        return service().source() instanceof Source.Build build
                ? source(new Source.Build(
                        build.directory(), build.dockerfile(), build.target(), build.arguments(), name, build.inline()))
                : with(service());
    }

    /** Change how a process is run. Other sources are left as they are. */
    default S process(UnaryOperator<Source.Process> change) {
        return service().source() instanceof Source.Process process ? source(change.apply(process)) : with(service());
    }

    /** Set an environment variable. */
    default S env(String name, String value) {
        return env(name, Value.text(value));
    }

    /** Set an environment variable; the services it refers to become dependencies. */
    default S env(String name, Value value) {
        return with(service().changed(d -> d.environment.put(name, value)));
    }

    /** Give the image's entry point these arguments. */
    default S command(String... command) {
        return with(service().changed(d -> d.command = List.of(command)));
    }

    /** Keep this path of the container in a named volume of the stack. */
    default S volume(String volume, String path) {
        return with(service().changed(d -> d.volumes.add(new VolumeMount(volume, path))));
    }

    /** Keep this path of the container in a volume whose whole name is given. */
    default S volumeNamed(String wholeName, String path) {
        return with(service().changed(d -> d.volumes.add(new VolumeMount(wholeName, path, Naming.WHOLE))));
    }

    /** Mount a volume as described, such as one that this service only reads. */
    default S volume(VolumeMount mount) {
        return with(service().changed(d -> d.volumes.add(mount)));
    }

    /** Keep nothing: what the service writes goes with its container. */
    default S withoutVolumes() {
        return with(service().changed(d -> d.volumes.clear()));
    }

    /** Be on these networks of the stack, rather than on all. */
    default S networks(String... names) {
        return with(service().changed(d -> {
            d.networks.clear();
            d.networks.addAll(List.of(names));
        }));
    }

    /** Write this file into the container; the services it refers to become dependencies. */
    default S file(String path, Value content) {
        return file(path, Map.of("", content));
    }

    /** Write this file into the container, as it suits the image's version: each content from a version on. */
    default S file(String path, Map<String, Value> contents) {
        return with(service().changed(d -> d.files.put(path, new FileMount.Generated(path, contents))));
    }

    /**
     * Take what the project has in place of what is written to this path: a file for a file; for a directory, all files
     * of the project's directory if it has any. The container gets a copy; a change of it is a cause to create it anew.
     * To be said after what it takes the place of.
     */
    default S own(String source, String path) {
        return with(service().changed(d -> {
            List<FileMount.Generated> otherwise = new ArrayList<>();
            for (FileMount file : List.copyOf(d.files.values())) {
                if (file instanceof FileMount.Generated generated && isWithin(generated.path(), path)) {
                    otherwise.add(generated);
                    d.files.remove(generated.path());
                }
            }
            d.files.put(path, new FileMount.FromProject(source, path, otherwise));
        }));
    }

    /** Copy the project's own file into the container, or write this one where the project has none. */
    default S fileOr(String source, String path, Value otherwise) {
        return file(path, otherwise).own(source, path);
    }

    /** Copy a file, or all files of a directory, of the project into the container. */
    default S copy(String source, String path) {
        return with(service().changed(d -> d.files.put(path, new FileMount.FromProject(source, path, List.of()))));
    }

    /** Let the container see a file or directory of the project, and write to it. Not under test: there it writes for itself. */
    default S bind(String source, String path) {
        return with(service()
                .changed(d -> d.files.put(path, new FileMount.Bound(source, path, FileMount.Access.READ_WRITE))));
    }

    /**
     * Let the container write into a directory of the project, such as one for logs. Where the project has none it is made,
     * for everybody to write to, as the container's user may be any. Not under test: there the container writes for itself.
     */
    default S bindOutput(String source, String path) {
        return with(
                service().changed(d -> d.files.put(path, new FileMount.Bound(source, path, FileMount.Access.OUTPUT))));
    }

    /** Let the container see a file or directory of the project. */
    default S bindReadOnly(String source, String path) {
        return with(service()
                .changed(d -> d.files.put(path, new FileMount.Bound(source, path, FileMount.Access.READ_ONLY))));
    }

    /** Put these into the container, and nothing else. */
    default S files(List<FileMount> files) {
        return with(service().changed(d -> {
            d.files.clear();
            files.forEach(file -> d.files.put(file.path(), file));
        }));
    }

    private static boolean isWithin(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    /** Start only after the other service is healthy. */
    default S needs(Declared<?> other) {
        return needs(Dependency.healthy(other.name()));
    }

    /** Start only after the condition holds. */
    default S needs(Dependency dependency) {
        return with(service().changed(d -> d.dependencies.add(dependency)));
    }

    /** Tell how to find out that the service is ready. */
    default S probe(Probe probe) {
        return with(service().changed(d -> d.probe = Optional.of(probe)));
    }

    /** Run to the end, once: others can wait until it is completed. It runs again with what it needs, when that is new. */
    default S runsOnce() {
        return probe(new Probe.Completion()).restart(RestartPolicy.NEVER);
    }

    /** Start only when asked for by name. */
    default S onRequest() {
        return with(service().changed(d -> d.starts = Service.Starts.ON_REQUEST));
    }

    /** Give up when the service is not ready after this time. */
    default S patience(Duration patience) {
        return with(service().changed(d -> d.patience = patience));
    }

    /** Tell how long the service usually takes to become ready, until that has been measured. */
    default S usualBoot(Duration usual) {
        return with(service().changed(d -> d.usualBoot = usual));
    }

    /** Let the engine watch the container with this check of its own. */
    default S containerCheck(ContainerCheck check) {
        return with(service().changed(d -> d.containerCheck = Optional.of(check)));
    }

    default S tier(Tier tier) {
        return with(service().changed(d -> d.tier = tier));
    }

    default S restart(RestartPolicy policy) {
        return with(service().changed(d -> d.restartPolicy = policy));
    }

    /**
     * Run this many of it, called {@code <name>-1}, {@code <name>-2} and so on, until it is scaled. Where it has
     * endpoints, which have to speak HTTP, a server of its name stands in front of them.
     */
    default S replicas(int number) {
        return replicas(Replicas.of(number));
    }

    /** Run this many of it, and fewer in {@code dev}. */
    default S replicas(Replicas replicas) {
        return with(service().changed(d -> d.replicas = Optional.of(replicas)));
    }

    default S limits(Limits limits) {
        return with(service().changed(d -> d.limits = limits));
    }

    default S hardening(Hardening hardening) {
        return with(service().changed(d -> d.hardening = hardening));
    }

    /** Set the container up with what few need, such as another program than the image's. */
    default S setup(Setup setup) {
        return with(service().changed(d -> d.setup = setup));
    }

    /** Keep this many files of the log, each of this size, such as {@code 100m}. */
    default S logRotation(String size, int files) {
        return with(service().changed(d -> d.logRotation = Optional.of(new LogRotation(size, files))));
    }

    default S stopPolicy(StopPolicy policy) {
        return with(service().changed(d -> d.stopPolicy = policy));
    }

    /** Name the server family that writes the volumes: they are never mounted by another. */
    default S family(String family) {
        return with(service().changed(d -> d.family = Optional.of(family)));
    }

    /** Tell what kind of data the service holds: it is reset, backed up and restored by the means of that kind. */
    default S holds(Data data) {
        return with(service().changed(d -> d.data = Optional.of(data)));
    }

    /**
     * Let {@code migrate} apply the files of this directory of the project to the database, each once and in order. Those
     * that are run when the database is made count as applied.
     */
    default S migrations(String directory) {
        return with(service().changed(d -> d.migrations = Optional.of(directory)));
    }

    /**
     * Tell that a start on an empty directory fills it with what follows from nothing but image, command, environment and
     * files, and that the container's own check says when that is done: what the server has then, after it was stopped, is
     * kept, and later starts begin with a copy of it. Where the image has no volume at just this path, the service needs
     * others, or it sees a directory of the project, each start makes its own.
     */
    default S initialData(String path) {
        return with(service().changed(d -> d.initialData = Optional.of(path)));
    }

    /** Open this with {@code shell}, under the service's name or the alias. */
    default S shell(String alias, String... command) {
        return shell(new Shell(alias, List.of(command), Map.of()));
    }

    /** Open this with {@code shell}. */
    default S shell(Shell shell) {
        return with(service().changed(d -> d.shell = Optional.of(shell)));
    }

    /** Let {@code shell} know what it opens here by this alias too. */
    default S shellAlias(String alias) {
        return with(service()
                .changed(d -> d.shell = d.shell.map(shell -> new Shell(alias, shell.command(), shell.environment()))));
    }

    /** Use something that runs elsewhere already: it is checked, never started or stopped. */
    default S external(HostAndPort... addresses) {
        return source(new Source.External(List.of(addresses)));
    }

    /** Tell how a developer runs this service on the host instead. */
    default S onHost(String directory, String... command) {
        return with(service().changed(d -> d.hostRun = Optional.of(new HostRun(directory, List.of(command)))));
    }

    /** Show this path in the table of addresses. */
    default S page(String endpoint, String path) {
        return with(service().changed(d -> d.pages.put(endpoint, path)));
    }

    /** Promise a stream of server-sent events at this path, whose data are JSON objects with the field: checks ask it. */
    default S stream(String endpoint, String path, String field) {
        String known = service().endpoint(endpoint).name();
        return with(service().changed(d -> d.streams.add(new StreamCheck(known, path, field))));
    }

    /** Answer to another host name within the network too. */
    default S alias(String hostName) {
        return with(service().changed(d -> d.aliases.add(hostName)));
    }

    /** Hold the service, as it is in the end, to a rule: what it finds is told with all other problems of the stack. */
    default S rule(Function<Service, Optional<Problem>> rule) {
        return with(service().changed(d -> d.rules.add(rule)));
    }

    /** Return the address of an endpoint, {@code host:port} as its reader sees it; whoever uses it waits for this service. */
    default Value address(String endpoint) {
        return new Value.Address(
                name(), service().endpoint(endpoint).name(), Value.Part.HOST_AND_PORT, Value.Edge.HEALTHY);
    }

    /** Return the port that a process is to listen on for one of its own endpoints. */
    default Value ownPort(String endpoint) {
        return new Value.Address(name(), service().endpoint(endpoint).name(), Value.Part.PORT, Value.Edge.NONE);
    }

    /** Return {@code scheme://host:port} of an endpoint; whoever uses it waits for this service. */
    default Value url(String scheme, String endpoint) {
        return Value.join(scheme + "://", address(endpoint));
    }
}
