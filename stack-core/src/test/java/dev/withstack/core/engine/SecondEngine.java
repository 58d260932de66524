package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A Docker engine of the test's own on another host, as far as can be told from here: it shares this one's disk, and
 * nothing of its network. It can be stopped and killed. It needs root, and the programs {@code dockerd} and {@code ip};
 * without them the test is left out.
 */
public final class SecondEngine implements AutoCloseable {
    private static final Path NEWER = Path.of(
            Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse(System.getProperty("user.home") + "/.cache"),
            "withstack",
            "engine");
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Path directory;
    private final OtherHost host;
    private final String path;
    private final Optional<Certificates> certificates;
    private Optional<Process> process = Optional.empty();

    private SecondEngine(Path directory, OtherHost host, String path, Optional<Certificates> certificates) {
        this.directory = directory;
        this.host = host;
        this.path = path;
        this.certificates = certificates;
    }

    /** Start one that keeps all in a directory, which goes when it is closed. */
    public static SecondEngine open() throws IOException, InterruptedException {
        assumeInstalled("ip");
        assumeInstalled("dockerd");
        OtherHost host = OtherHost.make();
        return started(new SecondEngine(newDirectory(), host, System.getenv("PATH"), Optional.empty()));
    }

    /** Start one that lets in only who shows a certificate. */
    static SecondEngine openWithTls() throws Exception {
        assumeInstalled("ip");
        assumeInstalled("dockerd");
        OtherHost host = OtherHost.make();
        Path directory = newDirectory();
        Certificates certificates = Certificates.make(directory.resolve("certificates"), host.address());
        return started(new SecondEngine(directory, host, System.getenv("PATH"), Optional.of(certificates)));
    }

    /** Start Debian 13's, which {@code ./test} has unpacked; without it the test is left out. */
    static SecondEngine openNewer() throws IOException, InterruptedException {
        assumeInstalled("ip");
        Path programs = NEWER.resolve("usr/sbin");
        Assumptions.assumeTrue(
                Files.isExecutable(programs.resolve("dockerd")),
                "There is no newer engine in '" + NEWER + "'; ./test sees to one.");
        String path = programs + ":" + NEWER.resolve("usr/bin") + ":" + System.getenv("PATH");
        return started(new SecondEngine(newDirectory(), OtherHost.make(), path, Optional.empty()));
    }

    private static Path newDirectory() throws IOException {
        return Files.createTempDirectory("withstack-engine-");
    }

    private static SecondEngine started(SecondEngine engine) throws IOException, InterruptedException {
        try {
            engine.start();
        } catch (IOException | RuntimeException | Error e) {
            engine.close();
            throw e;
        }
        return engine;
    }

    private static void assumeInstalled(String program) {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name"))
                        && Stream.of(System.getenv("PATH").split(":"))
                                .anyMatch(place -> Files.isExecutable(Path.of(place, program))),
                "An engine of the test's own needs root and '" + program + "'.");
    }

    /** Return where it can be reached from this host. */
    public String address() {
        return "tcp://" + host.address() + (certificates.isPresent() ? ":2376" : ":2375");
    }

    private String socketAddress() {
        return "unix://" + socket();
    }

    /** Return its socket, as its own host knows it. */
    public Path socket() {
        return directory.resolve("engine.sock");
    }

    public OtherHost host() {
        return host;
    }

    /** Return the environment of a launcher that works with it. */
    public Map<String, String> environment() {
        return certificates
                .map(known -> Map.of(
                        "DOCKER_HOST", address(),
                        "DOCKER_TLS_VERIFY", "1",
                        "DOCKER_CERT_PATH", known.client().toString()))
                .orElseGet(() -> Map.of("DOCKER_HOST", address()));
    }

    void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(host.command());
        // without a bridge of its own an engine removes docker0, which there is on this host only
        command.addAll(List.of(
                "env",
                "PATH=" + path,
                // a swarm takes the images that are here, as no registry is
                "DOCKER_SERVICE_PREFER_OFFLINE_IMAGE=1",
                "dockerd",
                "--data-root=" + directory.resolve("data"),
                "--exec-root=" + directory.resolve("exec"),
                "--pidfile=" + directory.resolve("pid"),
                "--host=" + socketAddress(),
                "--host=" + address(),
                "--bridge=none",
                "--iptables=false",
                // by default it tries for minutes
                "--max-download-attempts=1",
                "--insecure-registry=10.213.0.0/16"));
        certificates.ifPresent(known -> command.addAll(known.arguments()));
        process = Optional.of(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start());
        Awaitility.await().atMost(LONGEST).until(this::answers);
    }

    private boolean answers() throws Exception {
        Process started = process.orElseThrow();
        if (!started.isAlive()) {
            throw new AssertionError("dockerd has ended:\n" + Files.readString(directory.resolve("log")));
        }
        return docker("version").waitFor() == 0;
    }

    private Process docker(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker", "--host", socketAddress()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Give it images that the shared engine has. */
    public void take(String... images) throws IOException, InterruptedException {
        List<String> save = new ArrayList<>(List.of("docker", "save"));
        save.addAll(List.of(images));
        List<Process> both = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder(save),
                new ProcessBuilder("docker", "--host", socketAddress(), "load")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
        for (Process one : both) {
            assertThat(one.waitFor()).as("docker save | docker load").isZero();
        }
    }

    /** Run a command of Docker's on it; return what it printed. */
    public String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "--host", socketAddress()));
        command.addAll(List.of(arguments));
        Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor())
                .as(String.join(" ", command) + "\n" + said)
                .isZero();
        return said.strip();
    }

    /** Stop it as the system does; its containers end. */
    void stop() throws InterruptedException {
        Process running = process.orElseThrow();
        running.destroy();
        assertThat(running.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** End it at once, as {@code kill -9} does, and what it runs by with it; its containers go on. */
    void kill() throws InterruptedException {
        List<ProcessHandle> own = process.orElseThrow().descendants().toList();
        process.orElseThrow().destroyForcibly().waitFor();
        // a new one takes the number of the old one's containerd for its own, as long as that is there
        own.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await().atMost(LONGEST).until(() -> own.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process.map(Process::isAlive).orElse(false)) {
            stop();
        }
        Awaitility.await().atMost(LONGEST).until(this::leavesNoProcess);
        unmountAll();
        execute("rm", "-rf", directory.toString());
        host.remove();
    }

    /** End what is left of it: programs that name the directory, and what those run. */
    private boolean leavesNoProcess() {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(one -> one.info().commandLine().orElse("").contains(directory.toString()))
                .toList();
        left.forEach(one -> {
            one.descendants().forEach(ProcessHandle::destroyForcibly);
            one.destroyForcibly();
        });
        return left.isEmpty();
    }

    private void unmountAll() throws IOException, InterruptedException {
        List<String> mounted = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" ")[1])
                .filter(place -> place.startsWith(directory.toString()))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (String place : mounted) {
            execute("umount", "--lazy", place);
        }
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
