package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real registry on a port of the loopback address, which every engine accepts without TLS: Debian's {@code
 * docker-registry} as a process of the test's own. It can go away and come back.
 */
final class LocalRegistry implements AutoCloseable {
    static final String USER = "ali";
    static final String PASSWORD = "sesame-4711";
    private static final String HASH = "$2b$05$7sCaB.27aw.fb4eYBtM5X.DQOZkjtlNl0WkLDeKWLESaKt2SoRfF2";

    private final Path directory;
    private final String program;
    private final int port;
    private @Nullable Process process;

    private LocalRegistry(Path directory, String program, int port) {
        this.directory = directory;
        this.program = program;
        this.port = port;
    }

    /** Start one that lets everybody in. */
    static LocalRegistry open(Path directory) throws IOException {
        return prepare(directory, "").start();
    }

    /** Start one that lets only {@link #USER} in. */
    static LocalRegistry guarded(Path directory) throws IOException {
        Path users = directory.resolve("users");
        Files.writeString(users, USER + ":" + HASH + "\n");
        return prepare(directory, "auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n")
                .start();
    }

    private static LocalRegistry prepare(Path directory, String more) throws IOException {
        Optional<String> program = find();
        assumeThat(program)
                .as("tests of registries need one: apt-get install docker-registry, which ./test does")
                .isPresent();
        int port = Trial.freePort();
        Files.writeString(
                directory.resolve("config.yml"),
                "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: "
                        + directory.resolve("data") + "\nhttp:\n  addr: 127.0.0.1:" + port + "\n" + more);
        return new LocalRegistry(directory, program.orElseThrow(), port);
    }

    private static Optional<String> find() {
        for (String path : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path program = Path.of(path, "docker-registry");
            if (Files.isExecutable(program)) {
                return Optional.of(program.toString());
            }
        }
        return Optional.empty();
    }

    LocalRegistry start() throws IOException {
        List<String> command = new ArrayList<>(
                List.of(program, "serve", directory.resolve("config.yml").toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(this::answers);
        return this;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Return the name by which the engine finds a repository here. */
    String image(String name) {
        return host() + "/" + name;
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    /** End it; what it holds stays for the next {@link #start()}. */
    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroy();
            try {
                assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
        }
    }
}
