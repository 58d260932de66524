package dev.withstack.launcher.integrador;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.launcher.scenario.Launcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A copy of the sample backend with ports of its own, run by the system's Python with the system's packages: no index of
 * packages is needed.
 *
 * @param db the ports of the host, one after the other
 */
public record Backend(Path directory, int db, int redis, int api, int gateway) {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    // uvicorn refuses the offer of HTTP/2
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Copy the sample and let the launcher work with it; without a Python that has what it needs, leave the test out. */
    public static Backend copy(Launcher launcher) throws IOException {
        String python = python();
        Path backend = launcher.project().resolve("backend");
        copyTree(Launcher.samples().resolve("integrador").resolve("backend"), backend);
        int first = freePorts();
        Backend copy = new Backend(backend.toRealPath(), first, first + 1, first + 2, first + 3);
        launcher.environment("PYTHON", python)
                .environment("DB_PORT", Integer.toString(copy.db()))
                .environment("REDIS_PORT", Integer.toString(copy.redis()))
                .environment("REST_API_PORT", Integer.toString(copy.api()))
                .environment("WS_GATEWAY_PORT", Integer.toString(copy.gateway()))
                // nothing may come from an index of packages
                .environment("PIP_NO_INDEX", "1")
                .environment("PIP_CONFIG_FILE", "/dev/null");
        return copy;
    }

    private static String python() {
        String check = "import fastapi, uvicorn, websockets, redis, psycopg";
        return Stream.of("/usr/bin/python3", "python3")
                .filter(python -> ends(python, "-c", check))
                .findFirst()
                .orElseGet(() -> {
                    Assumptions.abort("No Python here has FastAPI, uvicorn, websockets, redis and psycopg."
                            + " On Debian or Ubuntu: sudo apt-get install python3-fastapi python3-uvicorn"
                            + " python3-websockets python3-redis python3-psycopg python3-venv");
                    return "";
                });
    }

    private static boolean ends(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.toString().contains("__pycache__") && !file.toString().contains("venv")) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
    }

    /** Find four free ports in a row, below those that systems hand out to clients by themselves. */
    static int freePorts() {
        int first;
        do {
            first = 32_000 - 4 * ThreadLocalRandom.current().nextInt(1, 200);
        } while (!isFree(first) || !isFree(first + 1) || !isFree(first + 2) || !isFree(first + 3));
        return first;
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Return what the service answers. */
    public HttpResponse<String> get(int port, String path, String... headers) {
        return send(request(port, path, headers).GET().build());
    }

    public HttpResponse<String> post(int port, String path, String body, String... headers) {
        return send(request(port, path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpRequest.Builder request(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /** Return the processes that work in the copy, whoever started them: a witness that asks the system alone. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> worksHere(process.pid()))
                .toList();
    }

    private boolean worksHere(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try {
            // one that has ended and was not asked after works nowhere
            return Files.readSymbolicLink(proc.resolve("cwd")).equals(directory);
        } catch (IOException e) {
            return false;
        }
    }

    /** Return the process that was started with this word on its command line. */
    ProcessHandle process(String word) throws IOException {
        for (ProcessHandle process : processes()) {
            String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            if (line.contains(word)) {
                return process;
            }
        }
        throw new AssertionError("No process of '" + directory + "' has '" + word + "' on its command line.");
    }

    /** Wait until nobody works in the copy any more. */
    public void awaitNobody() {
        await().atMost(LONGEST).untilAsserted(() -> assertThat(processes()).isEmpty());
    }
}
