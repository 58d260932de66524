package dev.withstack.core.driver.container;

import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.ImageUse;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * Runs containers of the user's own making: any Testcontainers container becomes a service of the stack, in its
 * network, under its name and labels. Thread-safe; closed by the driver.
 */
final class ProvidedContainers implements AutoCloseable {
    private final DockerEngine engine;
    private final Map<String, ProvidedStart> starts = new ConcurrentHashMap<>();

    ProvidedContainers(DockerEngine engine) {
        this.engine = engine;
    }

    /** Return the image that the service's container asks for; empty where Testcontainers has yet to build it. */
    Optional<String> imageOf(Service service, Source.Provided source) {
        return Innards.imageOf(make(service, source));
    }

    /** Wake Testcontainers up, which takes a second: while its containers still wait for what they need. */
    void prepare() {
        if (engine.located().address() instanceof EngineAddress.Ssh ssh) {
            throw new DriverException(
                    DriverException.Kind.ENGINE,
                    "Testcontainers does not reach the engine at '" + ssh + "': it speaks no SSH.",
                    "let DOCKER_HOST name the engine by unix:// or tcp://, or give the service by its image");
        }
        configureTestcontainers();
        DockerClientFactory factory = DockerClientFactory.instance();
        URI used = factory.getTransportConfig().getDockerHost();
        String wanted = engine.located().address().url();
        if (!used.equals(URI.create(wanted))) {
            throw new DriverException(
                    DriverException.Kind.ENGINE,
                    "Testcontainers works on the engine at '" + used + "', and this stack on the one at '" + wanted
                            + "': one Java process can use it on one engine only.",
                    "let DOCKER_HOST name '" + wanted + "', or run the stack in a process of its own");
        }
        if (isLocal() && System.getenv("TESTCONTAINERS_HOST_OVERRIDE") == null) {
            Innards.hostAddress(factory, Endpoint.LOOPBACK);
        }
        factory.client();
    }

    /**
     * Create and start the container that the service's supplier makes. Returns when its main process has begun; what
     * Testcontainers does then goes on in a thread of its own, and {@link #ask} tells how it ended.
     *
     * @throws DriverException if it can't be created or started
     */
    void start(StackDefinition definition, Service service, Source.Provided source, ImageUse image)
            throws InterruptedException {
        prepare();
        GenericContainer<?> container = make(service, source);
        new ProvidedCommand(definition, service, image, isLocal()).adapt(container);
        ContainerSpec spec = new ContainerSpec(definition, service, image);
        ProvidedStart start = new ProvidedStart(engine, definition.id(), service, container, created -> spec.outfit()
                .give(engine, created));
        starts.put(key(definition.id(), service.name()), start);
        start.begin();
    }

    /** Forget how the container was first started: it is started again, without Testcontainers. */
    void forget(StackId id, String service) {
        starts.remove(key(id, service));
    }

    /**
     * Return what Testcontainers says of a container that it started for this driver. Empty for one that was started
     * again later or by another process: its wait strategy is for a first start, and may read a log of the last one.
     */
    Optional<Answer> ask(StackId id, String service) {
        return Optional.ofNullable(starts.get(key(id, service))).map(ProvidedStart::answer);
    }

    @Override
    public void close() {
        starts.values().forEach(ProvidedStart::letGo);
    }

    private static String key(StackId id, String service) {
        return id.containerName(service);
    }

    private static GenericContainer<?> make(Service service, Source.Provided source) {
        Object made = source.container().get();
        if (made instanceof GenericContainer<?> container) {
            return container;
        }
        throw new DriverException(
                DriverException.Kind.REFUSED,
                "The supplier of '" + service.name() + "' made " + made + ", which is no Testcontainers container.",
                "let it return a new GenericContainer, or a module's container such as PostgreSQLContainer");
    }

    private boolean isLocal() {
        return engine.located().address() instanceof EngineAddress.Unix;
    }

    /**
     * Let Testcontainers work on the engine that we found, at once and without a watchdog container: our stacks outlive
     * the process or are swept by labels. All of it can be set in memory, so nothing is asked of the user. Containers
     * that the program runs by Testcontainers alone are watched by its watchdog as ever, begun with the first of them.
     */
    private void configureTestcontainers() {
        System.setProperty("api.version", engine.apiVersion());
        Properties properties = TestcontainersConfiguration.getInstance().getUserProperties();
        EngineAddress address = engine.located().address();
        properties.setProperty("docker.host", address.url());
        if (address instanceof EngineAddress.Tls tls) {
            properties.setProperty("docker.tls.verify", "1");
            properties.setProperty(
                    "docker.cert.path", String.valueOf(tls.files().ca().getParent()));
        }
        properties.setProperty("testcontainers.reuse.enable", "true");
        properties.setProperty("checks.disable", "true");
    }
}
