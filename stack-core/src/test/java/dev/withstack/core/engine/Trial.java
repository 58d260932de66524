package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.docker.ConflictException;
import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.Containers.Scope;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.docker.ImageSummary;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One stack of a name of its own on the real engine, for one test. When the test is over everything under that name is
 * removed, and what a test makes besides, if it carries {@link #label()}.
 */
final class Trial implements BeforeEachCallback, AfterEachCallback {
    static final StopPolicy AT_ONCE = new StopPolicy("SIGKILL", Duration.ofSeconds(5));

    private final ConcurrentLinkedQueue<StackEvent> heard = new ConcurrentLinkedQueue<>();
    private String name = "";
    private Path directory = Path.of("");
    private StackEngine engine;
    private DockerEngine docker;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        name = "t-" + UUID.randomUUID().toString().substring(0, 8);
        directory = Files.createTempDirectory("withstack-");
        Files.createDirectories(project());
        heard.clear();
        docker = DockerEngine.open(EngineLocator.ofThisProcess().locate());
        engine = open(TrialImages.policy());
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        engine.close();
        for (LabelFilter label : List.of(ours(), made())) {
            removeAll(label);
        }
        removeImages(docker.images().list(LabelFilter.none()).stream()
                .flatMap(image -> image.tags().stream())
                .filter(tag -> tag.startsWith("withstack/" + name + "-"))
                .toList());
        removeImages(docker.images().list(LabelFilter.present("dev.withstack.initial")).stream()
                .filter(image ->
                        image.labels().getOrDefault("dev.withstack.initial", "").startsWith(name + "/"))
                .map(ImageSummary::id)
                .toList());
        forgetImages();
        assertThat(leftovers()).isEmpty();
        docker.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Open another engine on the same state, as a second launcher would. */
    StackEngine open(ImagePolicy policy) {
        return open(policy, System.getenv());
    }

    StackEngine open(ImagePolicy policy, Map<String, String> environment) {
        ContainerDriver driver =
                ContainerDriver.open(environment, Path.of(System.getProperty("user.home")), project(), policy);
        return new StackEngine(driver, state(), Clock.systemUTC());
    }

    StackEngine engine() {
        return engine;
    }

    String name() {
        return name;
    }

    /** Return the label, {@code key=value}, that whatever a test makes by hand has to carry. */
    String label() {
        return "dev.withstack.test.run=" + name;
    }

    Path project() {
        return directory.resolve("project");
    }

    Path state() {
        return directory.resolve("state");
    }

    String container(String service) {
        return name + "-dev-" + service;
    }

    StackDefinition stack(Declared<?>... services) {
        return StackDefinition.of(name, Environment.DEV).add(services).build();
    }

    /** A service that runs a line of shell and is ended without ceremony. */
    static Service shell(String name, String line) {
        return Service.image(name, TrialImages.SHELL)
                .command("bash", "-c", line)
                .stopPolicy(AT_ONCE);
    }

    /** A service that just runs on, ready after a second. */
    static Service idle(String name) {
        return shell(name, "exec sleep 1000");
    }

    /** A service that answers HTTP on port 8080 with this status, and with its command line's last word. */
    static Service web(String name, int status) {
        String program = "import http.server\n"
                + "class H(http.server.BaseHTTPRequestHandler):\n"
                + "  def do_GET(self):\n"
                + "    body = b'word of " + name + "'\n"
                + "    self.send_response(" + status + ")\n"
                + "    self.send_header('Content-Length', str(len(body)))\n"
                + "    self.end_headers()\n"
                + "    self.wfile.write(body)\n"
                + "  def log_message(self, *args): pass\n"
                + "http.server.ThreadingHTTPServer(('', 8080), H).serve_forever()\n";
        return Service.image(name, TrialImages.PYTHON)
                .command("python3", "-c", program)
                .port("http", 8080)
                .stopPolicy(AT_ONCE);
    }

    RunningStack up(StackDefinition definition) {
        return up(definition, UpOptions.DEFAULT);
    }

    RunningStack up(StackDefinition definition, UpOptions options) {
        heard.clear();
        return engine.up(definition, Selection.all(), options, this::hear);
    }

    Diagnosis failedUp(StackDefinition definition, UpOptions options) {
        return catchThrowableOfType(StartFailedException.class, () -> up(definition, options))
                .diagnosis();
    }

    void hear(StackEvent event) {
        heard.add(event);
    }

    List<StackEvent> heard() {
        return List.copyOf(heard);
    }

    <E extends StackEvent> List<E> heard(Class<E> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Return the last plan of an up in the words of its changes, without causes. */
    List<String> changes() {
        List<StackEvent.Planned> plans = heard(StackEvent.Planned.class);
        return plans.get(plans.size() - 1).plan().changes().stream()
                .map(planned -> planned.step().text() + ": " + planned.cause())
                .toList();
    }

    /** Return all that the engine has under the stack's name: {@code container x}, {@code network y}, {@code volume z}. */
    List<String> leftovers() {
        List<String> all = new ArrayList<>();
        docker.containers().list(Scope.ALL, ours()).forEach(one -> all.add("container " + one.name()));
        docker.networks().list(ours()).forEach(one -> all.add("network " + one.name()));
        docker.volumes().list(ours()).forEach(one -> all.add("volume " + one.name()));
        return all;
    }

    /** Return what changes when a service's container is made anew or started again. */
    String identity(String service) {
        ContainerDetails container = docker.containers().inspect(container(service));
        return container.id() + " " + container.state().startedAt().orElse(Instant.EPOCH);
    }

    /** Return what changes when a service's container is made anew. */
    String containerId(String service) {
        return docker.containers().inspect(container(service)).id();
    }

    boolean isRunning(String service) {
        return docker.containers().inspect(container(service)).state().state() == ContainerState.RUNNING;
    }

    private LabelFilter ours() {
        return LabelFilter.label("dev.withstack.stack", name);
    }

    private LabelFilter made() {
        return LabelFilter.label("dev.withstack.test.run", name);
    }

    private void removeContainer(String id) {
        try {
            docker.containers().remove(id, Force.KILL, AnonymousVolumes.REMOVE);
        } catch (NotFoundException | ConflictException e) {
            // the engine is about to remove it, as it does with those of a build that was given up
        }
    }

    private void removeAll(LabelFilter label) {
        docker.containers().list(Scope.ALL, label).forEach(one -> removeContainer(one.id()));
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> docker.containers().list(Scope.ALL, label).isEmpty());
        docker.networks().list(label).forEach(one -> docker.networks().remove(one.id()));
        docker.volumes().list(label).forEach(one -> docker.volumes().remove(one.name()));
    }

    /** Run the docker command and return the lines it wrote. */
    List<String> docker(String... arguments) {
        return run(Map.of(), "", arguments);
    }

    List<String> run(Map<String, String> environment, String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(new HashMap<>(environment));
        try {
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + " said " + output).isZero();
            return output.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Build an image of a few lines, without a directory to copy from, that is removed after the test. */
    void build(String tag, String... dockerfile) {
        run(Map.of(), String.join("\n", dockerfile) + "\n", "build", "-q", "--label", label(), "-t", tag, "-");
    }

    /** Remove the images that this test has made, those between their steps too. */
    void forgetImages() {
        List<ImageSummary> images = docker.images().list(made());
        if (!images.isEmpty()) {
            removeImages(images.stream().map(ImageSummary::id).distinct().toList());
            docker("image", "prune", "-f", "--filter", "label=" + label());
        }
    }

    private void removeImages(List<String> images) {
        if (!images.isEmpty()) {
            docker(Stream.concat(Stream.of("rmi", "-f"), images.stream()).toArray(String[]::new));
        }
    }

    /** Return a port that was free on all addresses a moment ago. */
    static int freePort() {
        // below those that systems hand out to clients by themselves: another test's connection could take it
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken: the next may be free
            }
        }
    }
}
