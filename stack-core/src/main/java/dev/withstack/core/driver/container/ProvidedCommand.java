package dev.withstack.core.driver.container;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.NetworkAddresses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/**
 * Makes a Testcontainers container a service of its stack: what the user has set on the container stays, what the
 * service declares is added or goes before it.
 */
final class ProvidedCommand {
    private final StackDefinition definition;
    private final Service service;
    private final ImageUse image;
    private final boolean isEngineLocal;

    ProvidedCommand(StackDefinition definition, Service service, ImageUse image, boolean isEngineLocal) {
        this.definition = definition;
        this.service = service;
        this.image = image;
        this.isEngineLocal = isEngineLocal;
    }

    /** Let the container be created as the service's, once, and never by its own pull. */
    void adapt(GenericContainer<?> container) {
        if (Innards.canDoWithoutWatchdog(container)) {
            // what it would be known again by is kept out below; without this the watchdog is started for it
            container.withReuse(true);
        } else if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "'" + service.name() + "' overrides containerIsCreated, and Testcontainers starts its privileged"
                            + " watchdog container, Ryuk, for such.",
                    "do that work in containerIsStarting, or set TESTCONTAINERS_RYUK_DISABLED=true");
        }
        // a second attempt could create a container behind the back of a start that was taken back already
        container.withStartupAttempts(1);
        if (!image.id().isEmpty()) {
            container.withImagePullPolicy(name -> false);
        }
        container.withCreateContainerCmdModifier(this::adapt);
    }

    private void adapt(CreateContainerCmd command) {
        ContainerSpec spec = new ContainerSpec(definition, service, image);
        if (!image.id().isEmpty()) {
            command.withImage(image.used());
        }
        command.withName(definition.id().containerName(service.name()));
        command.withLabels(labels(command));
        command.withAliases(aliases(command, spec));
        command.withEnv(environment(command));
        command.withStopTimeout((int) service.stopPolicy().grace().toSeconds());
        if (!service.stopPolicy().signal().isEmpty()) {
            command.withStopSignal(service.stopPolicy().signal());
        }
        if (!service.command().isEmpty()) {
            command.withCmd(service.command());
        } else if (command.getCmd() != null && !service.volumes().isEmpty()) {
            command.withCmd(durable(List.of(command.getCmd())));
        }
        service.containerCheck().ifPresent(check -> command.withHealthcheck(healthCheck(check)));
        adaptHost(command, spec);
    }

    private void adaptHost(CreateContainerCmd command, ContainerSpec spec) {
        HostConfig host = command.getHostConfig() == null ? new HostConfig() : command.getHostConfig();
        host.withNetworkMode(spec.network());
        host.withRestartPolicy(restartPolicy());
        host.withMounts(mounts(host));
        service.limits().memoryBytes().ifPresent(bytes -> host.withMemory(bytes).withMemorySwap(bytes));
        service.limits().cpus().ifPresent(cpus -> host.withNanoCPUs((long) (cpus * 1e9)));
        service.limits().reservedMemoryBytes().ifPresent(host::withMemoryReservation);
        service.limits().reservedCpus().ifPresent(cpus -> host.withCpuShares(ContainerSpec.cpuShares(cpus)));
        service.limits().pids().ifPresent(pids -> host.withPidsLimit((long) pids));
        service.logRotation()
                .ifPresent(rotation -> host.withLogConfig(
                        new LogConfig(LogConfig.LoggingType.JSON_FILE, ContainerSpec.logOptions(rotation))));
        harden(command, host, service.hardening());
        Ports bindings = bindings(host);
        host.withPortBindings(bindings);
        command.withExposedPorts(List.copyOf(bindings.getBindings().keySet()));
        command.withHostConfig(host);
    }

    private static void harden(CreateContainerCmd command, HostConfig host, Hardening hardening) {
        if (!hardening.user().isEmpty()) {
            command.withUser(hardening.user());
        }
        if (hardening.root() == Hardening.Root.READ_ONLY) {
            host.withReadonlyRootfs(true);
        }
        Map<String, String> tmpfs = new LinkedHashMap<>();
        hardening.tmpfs().forEach(path -> tmpfs.put(path, ""));
        if (!tmpfs.isEmpty()) {
            host.withTmpFs(tmpfs);
        }
        if (!hardening.dropped().isEmpty()) {
            host.withCapDrop(capabilities(hardening.dropped()));
        }
        if (!hardening.added().isEmpty()) {
            host.withCapAdd(capabilities(hardening.added()));
        }
        if (hardening.privileges() == Hardening.Privileges.FIXED) {
            host.withSecurityOpts(List.of(ContainerSpec.NO_NEW_PRIVILEGES));
        }
    }

    private static Capability[] capabilities(List<String> names) {
        return names.stream().map(Capability::valueOf).toArray(Capability[]::new);
    }

    private Map<String, String> labels(CreateContainerCmd command) {
        Map<String, String> labels = new HashMap<>();
        if (command.getLabels() != null) {
            labels.putAll(command.getLabels());
        }
        labels.putAll(Labels.ofContainer(definition, service, image));
        return new OursAlone(labels);
    }

    private static List<String> aliases(CreateContainerCmd command, ContainerSpec spec) {
        Set<String> aliases = new LinkedHashSet<>(spec.aliases());
        if (command.getAliases() != null) {
            aliases.addAll(command.getAliases());
        }
        return List.copyOf(aliases);
    }

    private List<String> environment(CreateContainerCmd command) {
        Map<String, String> environment = new LinkedHashMap<>();
        if (command.getEnv() != null) {
            for (String variable : command.getEnv()) {
                int equals = variable.indexOf('=');
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        NetworkAddresses addresses = new NetworkAddresses(definition);
        service.environment().forEach((name, value) -> environment.put(name, value.resolve(addresses)));
        return environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }

    /** Testcontainers' PostgreSQL never syncs to disk, which suits a test; what is kept in a volume must be. */
    private static List<String> durable(List<String> command) {
        List<String> kept = new ArrayList<>(command);
        int at = kept.indexOf("fsync=off");
        if (at > 0 && kept.get(at - 1).equals("-c")) {
            kept.subList(at - 1, at + 1).clear();
        }
        return kept;
    }

    /** Testcontainers asks for every exposed port on all addresses of the host; the loopback address is enough. */
    private Ports bindings(HostConfig host) {
        Ports bindings = new Ports();
        if (host.getPortBindings() != null) {
            host.getPortBindings().getBindings().forEach((port, wanted) -> bindings.getBindings()
                    .put(port, onLoopback(wanted)));
        }
        for (Endpoint endpoint : service.endpoints()) {
            ExposedPort port = ExposedPort.tcp(endpoint.port());
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                bindings.getBindings().put(port, new Ports.Binding[] {
                    Ports.Binding.bindIpAndPort(fixed.bindAddress(), fixed.hostPort())
                });
            } else if (endpoint.publication() instanceof Endpoint.AnyFree free) {
                bindings.getBindings().put(port, new Ports.Binding[] {Ports.Binding.bindIp(free.bindAddress())});
            }
        }
        return bindings;
    }

    private Ports.Binding[] onLoopback(Ports.Binding @Nullable [] wanted) {
        if (wanted == null || !isEngineLocal) {
            return wanted == null ? new Ports.Binding[] {Ports.Binding.empty()} : wanted;
        }
        Ports.Binding[] bindings = new Ports.Binding[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            String address = wanted[i].getHostIp();
            bindings[i] = new Ports.Binding(address == null ? Endpoint.LOOPBACK : address, wanted[i].getHostPortSpec());
        }
        return bindings;
    }

    private List<Mount> mounts(HostConfig host) {
        List<Mount> mounts = new ArrayList<>();
        if (host.getMounts() != null) {
            mounts.addAll(host.getMounts());
        }
        service.volumes()
                .forEach(volume -> mounts.add(new Mount()
                        .withType(MountType.VOLUME)
                        .withSource(volume.nameIn(definition.id()))
                        .withTarget(volume.path())));
        new Outfit(definition, service, image)
                .volumes()
                .forEach(path ->
                        mounts.add(new Mount().withType(MountType.VOLUME).withTarget(path)));
        for (FileMount file : service.files()) {
            if (file instanceof FileMount.Bound bound) {
                mounts.add(new Mount()
                        .withType(MountType.BIND)
                        .withSource(bound.source())
                        .withTarget(bound.path())
                        .withReadOnly(bound.access() == FileMount.Access.READ_ONLY));
            }
        }
        return mounts;
    }

    private RestartPolicy restartPolicy() {
        return switch (service.restartPolicy()) {
            case NEVER -> RestartPolicy.noRestart();
            case ON_FAILURE -> RestartPolicy.onFailureRestart(0);
            case UNLESS_STOPPED -> RestartPolicy.unlessStoppedRestart();
        };
    }

    private static HealthCheck healthCheck(ContainerCheck check) {
        List<String> test = new ArrayList<>(List.of(check.command().size() == 1 ? "CMD-SHELL" : "CMD"));
        test.addAll(check.command());
        return new HealthCheck()
                .withTest(test)
                .withInterval(check.interval().toNanos())
                .withTimeout(check.timeout().toNanos())
                .withRetries(check.retries())
                .withStartPeriod(check.startPeriod().toNanos());
    }

    /** Labels that keep out those by which Testcontainers would remove the container or take it for another. */
    private static final class OursAlone extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;
        private static final Set<String> UNWANTED = Set.of("org.testcontainers.sessionId", "org.testcontainers.hash");

        OursAlone(Map<String, String> labels) {
            super(labels);
        }

        @Override
        public @Nullable String put(String label, String value) {
            return UNWANTED.contains(label) ? null : super.put(label, value);
        }

        @Override
        public void putAll(Map<? extends String, ? extends String> labels) {
            labels.forEach(this::put);
        }
    }
}
