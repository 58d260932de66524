package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.coverage.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * New versions beside old ones, under a steady load of clients that keep their connections and ask nothing twice. The
 * servers drop what they have in hand when they are told to end: only who asks nothing of them any more loses nothing.
 */
class RolloutIT {
    /**
     * Answers with its version: at /slow after a second, at /stream and /socket again and again, until it is told to end.
     * Listens at once, but is well only after WELL_AFTER seconds; who asks it before is answered "early".
     */
    private static final String PROGRAM =
            """
            import base64, hashlib, http.server, os, signal, socket, threading, time
            version, begun = os.environ['VERSION'], time.monotonic()
            well_after = float(os.environ.get('WELL_AFTER', '0'))
            never = os.environ.get('NEVER', '')
            ending = threading.Event()
            streams = []
            def is_named(name):
                try:
                    return socket.gethostbyname(name) == socket.gethostbyname(socket.gethostname())
                except OSError:
                    return False
            def is_well():
                return time.monotonic() - begun >= well_after and not (never and is_named(never))
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = 'HTTP/1.1'
                def do_GET(self):
                    if self.path == '/health':
                        return self.answer(200 if is_well() else 503, 'health')
                    if not is_well():
                        return self.answer(200, 'early')
                    if self.path == '/stream':
                        return self.stream()
                    if self.path == '/socket':
                        return self.websocket()
                    if self.path == '/slow':
                        time.sleep(1)
                    self.answer(200, version)
                def answer(self, status, text):
                    body = text.encode()
                    self.send_response(status)
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def stream(self):
                    self.send_response(200)
                    self.send_header('Content-Type', 'text/event-stream')
                    self.send_header('Transfer-Encoding', 'chunked')
                    self.end_headers()
                    streams.append(threading.current_thread())
                    while not ending.wait(0.05):
                        event = ('data: ' + version + '\\n\\n').encode()
                        self.wfile.write(b'%x\\r\\n' % len(event) + event + b'\\r\\n')
                    self.wfile.write(b'0\\r\\n\\r\\n')
                    self.close_connection = True
                def websocket(self):
                    key = self.headers['Sec-WebSocket-Key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
                    accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
                    self.send_response(101)
                    self.send_header('Upgrade', 'websocket')
                    self.send_header('Connection', 'Upgrade')
                    self.send_header('Sec-WebSocket-Accept', accept)
                    self.end_headers()
                    streams.append(threading.current_thread())
                    while not ending.wait(0.05):
                        text = version.encode()
                        self.wfile.write(bytes([0x81, len(text)]) + text)
                    self.wfile.write(bytes([0x88, 2, 0x03, 0xE9]))
                    self.close_connection = True
                def log_message(self, *words): pass
            class Server(http.server.ThreadingHTTPServer):
                request_queue_size = 128
            def end():
                ending.set()
                for one in list(streams): one.join(4)
                os._exit(0)
            signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=end).start())
            Server(('', 8080), Handler).serve_forever()
            """;

    @RegisterExtension
    final Trial trial = new Trial();

    private final int port = Trial.freePort();

    @Test
    @Row("rollout.update")
    void updateWhenItIsUsedLosesNoRequestAndTellsStreamsToComeAgain() throws Exception {
        trial.up(api(2, "1"));
        String entry = trial.identity("api");

        try (SteadyLoad load = new SteadyLoad(port).withStreams()) {
            load.awaitAnswers(50);
            update(api(2, "2"));
            load.awaitOnly("2");
            load.awaitStreamsOf("2");

            assertThat(load.lost()).isEmpty();
            assertThat(load.seen()).containsExactlyInAnyOrder("1", "2");
            assertThat(load.untimely()).as("streams that ended without a word").isEmpty();
        }
        assertThat(trial.identity("api")).as("the entry was left alone").isEqualTo(entry);
        assertThat(trial.leftovers())
                .filteredOn(one -> one.startsWith("container"))
                .hasSize(3);
    }

    @Test
    @Row("rollout.deploy")
    void deployAndRollbackWhenItIsUsedLoseNoRequestAndLeadToNothingThatIsNotReady() throws Exception {
        trial.up(api(1, "1"));
        StackDefinition green = with(api(1, "2"), "WELL_AFTER", "2");

        try (SteadyLoad load = new SteadyLoad(port).withStreams()) {
            load.awaitAnswers(50);
            trial.engine().deploy(green, Deployment.OF_ALL.before("true"), UpOptions.DEFAULT, trial::hear);
            load.awaitOnly("2");
            load.awaitStreamsOf("2");
            try (StackEngine another = trial.open(TrialImages.policy())) {
                another.rollback(green, List.of(), UpOptions.DEFAULT, trial::hear);
            }
            load.awaitOnly("1");
            load.awaitStreamsOf("1");

            assertThat(load.lost()).isEmpty();
            assertThat(load.seen()).containsExactlyInAnyOrder("1", "2");
            assertThat(load.untimely()).isEmpty();
        }
        trial.engine().accept(green.id(), trial::hear);
        assertThat(trial.leftovers())
                .filteredOn(one -> one.startsWith("container"))
                .hasSize(2);
    }

    @Test
    @Row("rollout.green")
    void deployWhenTheNewOneIsNeverReadyLeavesTheOldOneServingAndSaysWhy() throws Exception {
        trial.up(api(1, "1"));
        String before = trial.identity("api-1");
        StackDefinition green = with(api(1, "2"), "WELL_AFTER", "1000");

        try (SteadyLoad load = new SteadyLoad(port)) {
            load.awaitAnswers(50);
            Diagnosis diagnosis = catchThrowableOfType(StartFailedException.class, () -> trial.engine()
                            .deploy(
                                    green,
                                    Deployment.OF_ALL,
                                    UpOptions.DEFAULT.patience(Duration.ofSeconds(3)),
                                    trial::hear))
                    .diagnosis();
            load.awaitAnswers(50);

            assertThat(diagnosis.service()).isEqualTo("api-1");
            assertThat(diagnosis.text()).contains("503");
            assertThat(load.lost()).isEmpty();
            assertThat(load.seen()).containsExactly("1");
        }
        assertThat(trial.identity("api-1")).isEqualTo(before);
        assertThat(trial.leftovers())
                .filteredOn(one -> one.startsWith("container"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "update, StepDone start api-1",
        "update, StepDone lead api to green 1",
        "deploy, StepDone set api-1 aside",
        "deploy, StepDone lead api to green 1"
    })
    @Row("rollout.killed")
    void rolloutWhenTheLauncherIsKilledInTheMiddleGoesOnServingAndIsFinishedByTheNext(String command, String when)
            throws Exception {
        trial.up(ofProcess(trial.name(), port, "1"));

        try (SteadyLoad load = new SteadyLoad(port)) {
            load.awaitAnswers(20);
            try (RolloutProcess other = RolloutProcess.begin(trial, command, port)) {
                other.awaitLine(when);
                other.kill();
            }
            load.awaitAnswers(50);
            update(ofProcess(trial.name(), port, "2"));
            load.awaitOnly("2");

            assertThat(load.lost()).isEmpty();
        }
        trial.engine().accept(api(1, "2").id(), trial::hear);
        assertThat(trial.leftovers())
                .filteredOn(one -> one.startsWith("container"))
                .hasSize(2);
    }

    @Test
    @Row("rollout.scale")
    void scaleWhenItIsUsedLosesNoRequestAndLeadsToNothingThatIsNotReady() throws Exception {
        StackDefinition stack = with(api(1, "1"), "WELL_AFTER", "1");
        trial.up(stack);

        try (SteadyLoad load = new SteadyLoad(port)) {
            load.awaitAnswers(50);
            scale(stack, 3, UpOptions.DEFAULT);
            load.awaitAnswers(50);
            scale(stack, 1, UpOptions.DEFAULT);
            load.awaitAnswers(50);

            assertThat(load.lost()).isEmpty();
            assertThat(load.seen()).containsExactly("1");
        }
    }

    @Test
    @Row("rollout.scale")
    void scaleWhenANewReplicaIsNotReadyInTimeIsTakenBack() {
        StackDefinition stack = with(api(1, "1"), "NEVER", "api-2");
        trial.up(stack);

        Diagnosis diagnosis = catchThrowableOfType(
                        StartFailedException.class,
                        () -> scale(stack, 2, UpOptions.DEFAULT.patience(Duration.ofSeconds(3))))
                .diagnosis();

        assertThat(diagnosis.service()).isEqualTo("api-2");
        assertThat(trial.isRunning("api-1")).isTrue();
        assertThat(trial.leftovers())
                .filteredOn(one -> one.startsWith("container"))
                .hasSize(2);
    }

    private void update(StackDefinition definition) {
        trial.engine().update(definition, List.of(), UpOptions.DEFAULT, trial::hear);
    }

    private void scale(StackDefinition stack, int number, UpOptions options) {
        trial.engine().scale(stack, Map.of("api", number), options, trial::hear);
    }

    private StackDefinition api(int replicas, String version) {
        return trial.stack(service(port, version).replicas(replicas));
    }

    /** Return the definition that another process means too. */
    static StackDefinition ofProcess(String stack, int port, String version) {
        return StackDefinition.of(stack, Environment.DEV)
                .add(service(port, version).replicas(1))
                .build();
    }

    private static Service service(int port, String version) {
        return Service.image("api", TrialImages.PYTHON)
                .command("python3", "-c", PROGRAM)
                .env("VERSION", version)
                .port("http", 8080)
                .hostPort(port)
                .stopPolicy(new StopPolicy("", Duration.ofSeconds(5)))
                .probe(Probe.http("/health"));
    }

    private static StackDefinition with(StackDefinition definition, String variable, String value) {
        return definition.map(service -> service.env(variable, value));
    }
}
