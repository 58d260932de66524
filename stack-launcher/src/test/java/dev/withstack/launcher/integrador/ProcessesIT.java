package dev.withstack.launcher.integrador;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life and the end of the two processes, beside servers that run all the time. */
class ProcessesIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final String STAYS = "Staying with rest-api and ws-gateway";

    @RegisterExtension
    static final Launcher launcher = Launcher.of("integrador");

    private static Backend backend;

    @BeforeAll
    static void startServers() throws Exception {
        backend = Backend.copy(launcher);
        try (LiveRun live = launcher.begin("start", "integrador", "--infra", "--timeout", "6m")) {
            Run run = live.await(Duration.ofMinutes(8));
            assertThat(run.exitCode()).as(run.toString()).isZero();
        }
    }

    @AfterEach
    void nobodyStays() {
        backend.awaitNobody();
    }

    private static LiveRun begin(String... more) throws InterruptedException {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "start";
        arguments[1] = "integrador";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return launcher.begin(arguments).awaitOutput(STAYS, LONGEST);
    }

    /** On a loaded machine the engine's own check may be late; that they run is what counts. */
    private static void assertServersRun() throws Exception {
        assertThat(status()).containsPattern("db +running").containsPattern("redis +running");
    }

    private static String status() throws Exception {
        return launcher.run("status", "integrador").out();
    }

    @Test
    @Row("integrador.ctrl-c")
    @Row("integrador.rest-api")
    @Row("integrador.ws-gateway")
    @Row("integrador.detailed-health")
    @Row("integrador.cors")
    void startWhenInterruptedEndsBothWithEveryGrandchildAndLeavesTheServers() throws Exception {
        try (LiveRun live = begin()) {
            assertThat(backend.get(backend.api(), "/api/health").statusCode()).isEqualTo(200);
            assertThat(backend.get(backend.gateway(), "/ws/health").statusCode())
                    .isEqualTo(200);
            assertThat(backend.get(backend.api(), "/api/health/detailed").body())
                    .contains("\"database\":\"healthy\"", "\"redis\":\"healthy\"");
            assertThat(backend.get(backend.gateway(), "/ws/health/detailed").body())
                    .contains("\"redis\":\"healthy\"");
            for (int page : List.of(5176, 5177, 5178)) {
                String origin = "http://localhost:" + page;
                HttpResponse<String> answer = backend.get(backend.api(), "/api/products", "Origin", origin);
                assertThat(answer.headers().firstValue("access-control-allow-origin"))
                        .contains(origin);
            }
            // with --reload each service has a process that watches the source and one that works
            assertThat(backend.processes()).hasSizeGreaterThanOrEqualTo(4);

            Run run = live.interrupt().await(LONGEST);

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(130);
        }
        backend.awaitNobody();
        assertServersRun();
    }

    @Test
    @Row("integrador.gateway-waits")
    @Row("integrador.dev")
    void devBringsUpTheGatewayWhenTheApiIsHealthy() throws Exception {
        try (LiveRun live = launcher.begin("dev", "integrador", "--output", "json")) {
            live.awaitOutput(STAYS, LONGEST);
            List<String> lines = live.printed().lines().toList();
            assertThat(position(lines, "\"event\":\"ready\"", "\"service\":\"rest-api\""))
                    .isLessThan(position(lines, "\"event\":\"step-started\"", "\"step\":\"start ws-gateway\""));
            live.interrupt().await(LONGEST);
        }
    }

    private static int position(List<String> lines, String... parts) {
        for (int i = 0; i < lines.size(); i++) {
            if (List.of(parts).stream().allMatch(lines.get(i)::contains)) {
                return i;
            }
        }
        throw new AssertionError("No line with " + List.of(parts) + " in\n" + String.join("\n", lines));
    }

    @Test
    @Row("integrador.child-dies")
    void startWhenTheGatewayCrashesEndsTheApiTooAndShowsItsLastLines() throws Exception {
        launcher.environment("RELOAD", "false");
        try (LiveRun live = begin()) {
            backend.process("ws_gateway").destroyForcibly();

            Run run = live.await(LONGEST);

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
            assertThat(run.err())
                    .contains("'ws-gateway' failed while running: killed from outside (SIGKILL)")
                    .contains("rest-api was ended too.")
                    .contains("Uvicorn running on");
        } finally {
            launcher.withoutEnvironment("RELOAD");
        }
        backend.awaitNobody();
        assertServersRun();
    }

    @Test
    @Row("integrador.restart")
    void startWithRestartWhenTheGatewayDiesBringsItBack() throws Exception {
        launcher.environment("RELOAD", "false");
        try (LiveRun live = begin("--restart")) {
            long before = backend.process("ws_gateway").pid();
            backend.process("ws_gateway").destroyForcibly();

            live.awaitOutput("it is started again", LONGEST);
            await().atMost(LONGEST).ignoreExceptions().untilAsserted(() -> {
                assertThat(backend.process("ws_gateway").pid()).isNotEqualTo(before);
                assertThat(backend.get(backend.gateway(), "/ws/health").statusCode())
                        .isEqualTo(200);
            });
            live.interrupt().await(LONGEST);
        } finally {
            launcher.withoutEnvironment("RELOAD");
        }
    }

    @Test
    @Row("integrador.killed-launcher")
    void startWhenItsLauncherIsKilledLeavesNoProcessAndTheNextStartBeginsAnew() throws Exception {
        try (LiveRun live = begin()) {
            live.signal("KILL").await(LONGEST);
        }
        backend.awaitNobody();
        assertThat(launcher.run("status", "integrador").exitCode()).isEqualTo(8);
        try (LiveRun live = begin()) {
            assertThat(backend.get(backend.api(), "/api/health").statusCode()).isEqualTo(200);
            live.interrupt().await(LONGEST);
        }
    }

    @Test
    @Row("integrador.port-taken")
    void startWhenAPortIsTakenNamesItsOwnerAndStartsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(backend.gateway(), 1, InetAddress.getLoopbackAddress())) {
            Run run = launcher.run("start", "integrador");

            assertThat(run.exitCode()).as(run.toString()).isNotZero();
            assertThat(run.err())
                    .contains(
                            "ws-gateway",
                            "port " + taken.getLocalPort() + " is taken by process "
                                    + ProcessHandle.current().pid())
                    .contains("WS_GATEWAY_PORT");
        }
        assertThat(backend.processes()).isEmpty();
    }

    @Test
    @Row("integrador.second-terminal")
    void startWhenThereIsASecondTerminalIsWatchedRestartedAndStoppedFromThere() throws Exception {
        try (LiveRun live = begin()) {
            assertThat(status()).contains("rest-api", "ws-gateway", "running");
            await().atMost(LONGEST)
                    .untilAsserted(() -> assertThat(status()).containsPattern("ws-gateway +running +healthy"));
            assertThat(launcher.run("logs", "integrador", "rest-api").out()).contains("Uvicorn running on");
            Run again = launcher.run("start", "integrador");
            assertThat(again.exitCode()).as(again.toString()).isZero();
            assertThat(again.out() + again.err()).contains("pid " + live.pid());

            Run restarted = launcher.run("restart", "integrador", "ws-gateway");
            assertThat(restarted.exitCode()).as(restarted.toString()).isZero();
            assertThat(backend.get(backend.gateway(), "/ws/health").statusCode())
                    .isEqualTo(200);
            assertThat(live.printed()).containsPattern("ws-gateway (was stopped from elsewhere|is started again)\\.");

            Run stopped = launcher.run("stop", "integrador", "rest-api", "ws-gateway");
            assertThat(stopped.exitCode()).as(stopped.toString()).isZero();
            Run ended = live.await(LONGEST);
            assertThat(ended.exitCode()).as(ended.toString()).isZero();
        }
        assertServersRun();
    }

    @Test
    @Row("integrador.websocket")
    void orderWhenItIsPlacedReachesTheTableAndTheWaiterThroughRedis() throws Exception {
        try (LiveRun live = begin()) {
            String table = token(backend.post(backend.api(), "/api/tables/7/token", ""));
            String waiter = token(backend.post(backend.api(), "/api/staff/token", ""));
            Listener ofTable = Listener.on(backend.gateway(), "/ws/table?token=" + table);
            Listener ofWaiter = Listener.on(backend.gateway(), "/ws/waiter?token=" + waiter);

            HttpResponse<String> placed =
                    backend.post(backend.api(), "/api/orders", "{\"product\": 1}", "X-Table-Token", table);

            assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
            assertThat(ofTable.next()).contains("\"event\": \"order-placed\"", "\"table\": 7");
            assertThat(ofWaiter.next()).contains("\"event\": \"order-placed\"", "\"table\": 7");
            ofTable.close();
            ofWaiter.close();
            live.interrupt().await(LONGEST);
        }
    }

    private static String token(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.body().replaceFirst(".*\"token\":\"", "").replaceFirst("\".*", "");
    }

    @Test
    @Row("integrador.reload")
    void devWhenTheSourceChangesShowsItAtOnce() throws Exception {
        Path main = backend.directory().resolve("rest_api/main.py");
        String before = Files.readString(main);
        try (LiveRun live = begin()) {
            Files.writeString(main, before.replace("\"service\": \"rest-api\"", "\"service\": \"changed\""));

            await().atMost(LONGEST).ignoreExceptions().untilAsserted(() -> assertThat(
                            backend.get(backend.api(), "/api/health").body())
                    .contains("\"service\":\"changed\""));
            live.interrupt().await(LONGEST);
        } finally {
            Files.writeString(main, before);
        }
    }

    @Test
    @Row("integrador.skip-docker")
    void skipDockerUsesWhatRunsAlreadyAndStartsNoContainer() throws Exception {
        Launcher beside = Launcher.of("integrador");
        beside.open();
        try {
            Backend other = Backend.copy(beside);
            beside.environment("DB_PORT", Integer.toString(backend.db()))
                    .environment("REDIS_PORT", Integer.toString(backend.redis()));
            try (LiveRun live =
                    beside.begin("start", "integrador", "--skip-docker").awaitOutput(STAYS, LONGEST)) {
                assertThat(other.get(other.api(), "/api/health/detailed").statusCode())
                        .isEqualTo(200);
                assertThat(beside.run("status", "integrador").out()).doesNotContain("db ");
                live.interrupt().await(LONGEST);
            }
            other.awaitNobody();
        } finally {
            beside.close();
        }
    }

    @Test
    @Row("integrador.skip-docker")
    @Row("integrador.step-containers")
    void skipDockerWhenAServerDoesNotAnswerSaysWhich() throws Exception {
        int nobody = Backend.freePorts();

        Run run = launcher.run("start", "integrador", "--skip-docker", "--set", "DB_PORT=" + nobody);

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(6);
        assertThat(run.err()).contains("'db'", "127.0.0.1:" + nobody, "connection refused");
    }

    @Test
    @Row("integrador.only-api")
    @Row("integrador.only-gateway")
    void onlyRunsOneOfThem() throws Exception {
        try (LiveRun live = launcher.begin("start", "integrador", "--api-only").awaitOutput("Staying with", LONGEST)) {
            assertThat(backend.get(backend.api(), "/api/health").statusCode()).isEqualTo(200);
            assertThat(Backend.isFree(backend.gateway())).isTrue();
            live.interrupt().await(LONGEST);
        }
        backend.awaitNobody();
        try (LiveRun live =
                launcher.begin("start", "integrador", "--only", "ws-gateway").awaitOutput("Staying with", LONGEST)) {
            assertThat(backend.get(backend.gateway(), "/ws/health").statusCode())
                    .isEqualTo(200);
            assertThat(Backend.isFree(backend.api())).isTrue();
            live.interrupt().await(LONGEST);
        }
    }

    /** A client of the gateway that has been told that it is connected. */
    private static final class Listener implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private WebSocket socket;

        static Listener on(int port, String path) throws Exception {
            Listener listener = new Listener();
            listener.socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + path), listener)
                    .get(1, TimeUnit.MINUTES);
            assertThat(listener.next()).contains("connected");
            return listener;
        }

        String next() throws InterruptedException {
            String message = messages.poll(1, TimeUnit.MINUTES);
            assertThat(message).as("a message").isNotNull();
            return message;
        }

        void close() throws IOException {
            socket.abort();
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }
}
