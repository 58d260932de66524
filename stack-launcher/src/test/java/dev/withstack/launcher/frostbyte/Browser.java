package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real Chromium without a window, driven over its debugging protocol. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Duration ANSWER = Duration.ofMinutes(3);

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final Answers answers;
    private final AtomicInteger number = new AtomicInteger();

    private Browser(Process process, Path profile, WebSocket socket, Answers answers) {
        this.process = process;
        this.profile = profile;
        this.socket = socket;
        this.answers = answers;
    }

    /** Start the browser that is installed here. Without one the test is skipped, except where CI must have it. */
    static Browser start() throws Exception {
        Optional<String> program = program();
        if (program.isEmpty() && System.getenv("CI") != null) {
            throw new AssertionError("None of " + NAMES + " is on the PATH, and CI must test with a real browser.");
        }
        assumeThat(program)
                .as("There is no Chromium here to show the dashboard in: apt-get install chromium")
                .isPresent();
        Path profile = Files.createTempDirectory("withstack-browser-");
        List<String> command = new ArrayList<>(List.of(program.orElseThrow(), "--headless", "--no-sandbox"));
        command.addAll(List.of("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"));
        command.addAll(List.of("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"));
        command.addAll(List.of("--window-size=1280,1100", "--remote-debugging-port=0", "--user-data-dir=" + profile));
        command.add("about:blank");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("browser.log").toFile())
                .start();
        try {
            return connect(process, profile);
        } catch (Exception | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Browser connect(Process process, Path profile) throws Exception {
        Path port = profile.resolve("DevToolsActivePort");
        await("the browser's debugging port").atMost(ANSWER).until(() -> Files.exists(port) && Files.size(port) > 0);
        String address = "http://127.0.0.1:" + Files.readAllLines(port).get(0) + "/json/list";
        String page = await("the browser's page")
                .atMost(ANSWER)
                .ignoreExceptions()
                .until(() -> pageAt(address), found -> !found.isEmpty());
        Answers answers = new Answers();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(page), answers)
                .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        return new Browser(process, profile, socket, answers);
    }

    private static String pageAt(String address) throws IOException, InterruptedException {
        for (Object each : JSON.std.listFrom(Servers.get(address).body())) {
            Map<?, ?> target = (Map<?, ?>) each;
            if ("page".equals(target.get("type"))) {
                return String.valueOf(target.get("webSocketDebuggerUrl"));
            }
        }
        return "";
    }

    private static Optional<String> program() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            for (String name : NAMES) {
                Path program = Path.of(directory, name);
                if (Files.isExecutable(program)) {
                    return Optional.of(program.toString());
                }
            }
        }
        return Optional.empty();
    }

    Browser open(String address) throws Exception {
        send("Page.navigate", Map.of("url", address));
        return this;
    }

    /** Evaluate an expression in the page. */
    Object evaluate(String expression) throws Exception {
        Map<?, ?> result = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (result.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + " failed: " + result.get("exceptionDetails"));
        }
        return String.valueOf(((Map<?, ?>) result.get("result")).get("value"));
    }

    /** Return what the element shows, empty if there is none. */
    String textOf(String selector) throws Exception {
        return String.valueOf(
                evaluate("document.querySelector(" + JSON.std.asString(selector) + ")?.textContent ?? ''"));
    }

    /** Wait until the element shows the text. */
    Browser awaitText(String selector, String text, Duration longest) {
        await(selector + " to show '" + text + "'")
                .atMost(longest)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(textOf(selector))
                        .contains(text));
        return this;
    }

    /** Keep what is on the screen as an image. */
    void photograph(Path file) throws Exception {
        Map<?, ?> result = send("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(String.valueOf(result.get("data"))));
    }

    private Map<?, ?> send(String method, Map<String, Object> parameters) throws Exception {
        int id = number.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = answers.to(id);
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("method", method);
        message.put("params", parameters);
        socket.sendText(JSON.std.asString(message), true).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        Map<String, Object> answered = answer.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        if (answered.containsKey("error")) {
            throw new AssertionError(method + ": " + answered.get("error"));
        }
        return (Map<?, ?>) answered.get("result");
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
        process.destroyForcibly();
        // its helpers may still be writing for a moment
        await("the browser's files to be gone")
                .atMost(ANSWER)
                .ignoreExceptions()
                .until(() -> {
                    remove(profile);
                    return !Files.exists(profile);
                });
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Hands each answer to who waits for it. */
    private static final class Answers implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<Map<String, Object>>> waiting = new ConcurrentHashMap<>();
        private final StringBuilder text = new StringBuilder();

        CompletableFuture<Map<String, Object>> to(int id) {
            return waiting.computeIfAbsent(id, unused -> new CompletableFuture<>());
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void take(String message) {
            try {
                Map<String, Object> answer = JSON.std.mapFrom(message);
                if (answer.get("id") instanceof Number id) {
                    to(id.intValue()).complete(answer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
