package dev.withstack.core.driver.container;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.NetworkAddresses;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategyTarget;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * Runs containers of the user's own making: any Testcontainers container becomes a service of the stack, in its
 * network, under its name and labels. Thread-safe.
 *
 * <p>Testcontainers creates and starts them; when they are ready is found out by our own loop, which asks the
 * container's wait strategy in short turns, because by itself it sits out its whole timeout after the container died.
 */
final class ProvidedContainers {
    private static final Duration TURN = Duration.ofMillis(500);

    private final DockerEngine engine;
    private final Map<String, WaitStrategy> strategies = new ConcurrentHashMap<>();
    private final Map<String, GenericContainer<?>> containers = new ConcurrentHashMap<>();

    ProvidedContainers(DockerEngine engine) {
        this.engine = engine;
    }

    /** Create and start the container that the service's supplier makes. */
    void start(StackDefinition definition, Service service, Source.Provided source, ImageUse image) {
        configureTestcontainers();
        Object made = source.container().get();
        if (!(made instanceof GenericContainer<?> container)) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "The supplier of '" + service.name() + "' made " + made + ", which is no Testcontainers container.",
                    "let it return a new GenericContainer, or a module's container such as PostgreSQLContainer");
        }
        String key = definition.id().containerName(service.name());
        strategies.put(key, takeWaitStrategy(container));
        containers.put(key, container);
        service.environment()
                .forEach((name, value) -> container.addEnv(name, value.resolve(new NetworkAddresses(definition))));
        container.withCreateContainerCmdModifier(command -> adapt(command, definition, service, image));
        container.start();
    }

    /** Ask the container's own wait strategy for a short turn. */
    Answer ask(StackId id, String service) {
        String key = id.containerName(service);
        WaitStrategy strategy = strategies.get(key);
        GenericContainer<?> container = containers.get(key);
        if (strategy == null || container == null) {
            // started by an earlier process: its strategy is gone with that, and running is what is left to ask
            return Answer.READY;
        }
        try {
            strategy.withStartupTimeout(TURN).waitUntilReady(container);
            return Answer.READY;
        } catch (RuntimeException e) {
            return new Answer.NotReady("its own wait strategy says: " + e.getMessage());
        }
    }

    private static void adapt(CreateContainerCmd command, StackDefinition definition, Service service, ImageUse image) {
        ContainerSpec spec = new ContainerSpec(definition, service);
        command.withName(definition.id().containerName(service.name()));
        command.withLabels(new OursAlone(Labels.ofContainer(definition, service, image)));
        command.withAliases(spec.aliases());
        HostConfig host = command.getHostConfig() == null ? new HostConfig() : command.getHostConfig();
        host.withNetworkMode(spec.network());
        host.withRestartPolicy(restartPolicy(service));
        host.withMounts(mounts(definition, service));
        service.limits().memoryBytes().ifPresent(bytes -> host.withMemory(bytes).withMemorySwap(bytes));
        service.limits().cpus().ifPresent(cpus -> host.withNanoCPUs((long) (cpus * 1e9)));
        Ports bindings = host.getPortBindings() == null ? new Ports() : host.getPortBindings();
        for (Endpoint endpoint : service.endpoints()) {
            if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
                String binding = fixed.bindAddress() + ":" + fixed.hostPort() + ":" + endpoint.port();
                PortBinding parsed = PortBinding.parse(binding);
                bindings.getBindings().put(parsed.getExposedPort(), new Ports.Binding[] {parsed.getBinding()});
            }
        }
        host.withPortBindings(bindings);
        command.withHostConfig(host);
        service.containerCheck().ifPresent(check -> command.withHealthcheck(healthCheck(check)));
    }

    private static List<Mount> mounts(StackDefinition definition, Service service) {
        return service.volumes().stream()
                .map(volume -> new Mount()
                        .withType(MountType.VOLUME)
                        .withSource(definition.id().volumeName(volume.volume()))
                        .withTarget(volume.path()))
                .toList();
    }

    private static RestartPolicy restartPolicy(Service service) {
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
                .withRetries(check.retries());
    }

    /**
     * Let Testcontainers work on the engine that we found, at once and without a watchdog container: our stacks outlive
     * the process or are swept by labels. All of it can be set in memory, so nothing is asked of the user.
     */
    private void configureTestcontainers() {
        System.setProperty("api.version", engine.apiVersion());
        Properties properties = TestcontainersConfiguration.getInstance().getUserProperties();
        EngineAddress address = engine.located().address();
        properties.setProperty("docker.host", address.url());
        properties.setProperty("testcontainers.reuse.enable", "true");
        properties.setProperty("checks.disable", "true");
        if (address instanceof EngineAddress.Unix) {
            // otherwise an image is pulled to find this out wherever the process itself is in a container
            properties.setProperty("host.override", Endpoint.LOOPBACK);
        }
    }

    private static WaitStrategy takeWaitStrategy(GenericContainer<?> container) {
        try {
            Field field = GenericContainer.class.getDeclaredField("waitStrategy");
            field.setAccessible(true);
            WaitStrategy own = (WaitStrategy) field.get(container);
            container.setWaitStrategy(new AtOnce());
            return own == null ? new AtOnce() : own;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "This version of Testcontainers keeps its wait strategy elsewhere; give the service a probe.", e);
        }
    }

    /** Ready as soon as it is asked: the waiting is ours. */
    private static final class AtOnce implements WaitStrategy {
        @Override
        public void waitUntilReady(WaitStrategyTarget target) {
            // nothing to wait for
        }

        @Override
        public WaitStrategy withStartupTimeout(Duration timeout) {
            return this;
        }
    }

    /** Labels that keep out the one by which Testcontainers' watchdog would remove the container. */
    private static final class OursAlone extends HashMap<String, String> {
        private static final long serialVersionUID = 1L;
        private static final String SESSION = "org.testcontainers.sessionId";

        OursAlone(Map<String, String> labels) {
            super(labels);
        }

        @Override
        public @Nullable String put(String label, String value) {
            return label.equals(SESSION) ? null : super.put(label, value);
        }

        @Override
        public void putAll(Map<? extends String, ? extends String> labels) {
            labels.forEach(this::put);
        }
    }
}
