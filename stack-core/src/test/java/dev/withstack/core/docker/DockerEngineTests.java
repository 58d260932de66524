package dev.withstack.core.docker;

import static dev.withstack.core.docker.FakeEngine.chunked;
import static dev.withstack.core.docker.FakeEngine.empty;
import static dev.withstack.core.docker.FakeEngine.json;
import static dev.withstack.core.docker.FakeEngine.raw;
import static dev.withstack.core.docker.FakeEngine.thenEnd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.docker.FakeEngine.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class DockerEngineTests {

    private static final String VERSION =
            """
            {"Version":"20.10.24","ApiVersion":"1.41","Os":"linux","Arch":"amd64","KernelVersion":"6.1"}""";

    @TempDir
    Path directory;

    private FakeEngine fake;
    private DockerEngine engine;

    @BeforeEach
    void open() throws IOException {
        fake = new FakeEngine(directory);
        engine = fake.open();
    }

    @AfterEach
    void close() {
        engine.close();
        fake.close();
    }

    @Test
    void openWhenNothingIsCalledDoesNotContactTheEngine() {
        assertThat(fake.connectionsAccepted()).isZero();
    }

    @Test
    void versionWhenCalledReadsTheAnswer() {
        fake.on("GET /version", json(VERSION));

        assertThat(engine.version()).isEqualTo(new EngineVersion("20.10.24", "1.41", "linux", "amd64", "6.1"));
    }

    @Test
    void callWhenSecondUsesTheSameConnectionAndAsksForTheVersionOnce() {
        fake.on("GET /version", json(VERSION));

        engine.version();
        engine.version();

        assertThat(fake.requests())
                .extracting(Request::target)
                .containsExactly("/_ping", "/v1.41/version", "/v1.41/version");
        assertThat(fake.connectionsAccepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1.41, 1.41", "1.43, 1.43", "1.44, 1.44", "1.51, 1.44"})
    void apiVersionWhenEngineOffersOneIsTheLowerOfTheirsAndOurs(String offered, String spoken) throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (FakeEngine newer = new FakeEngine(other, offered);
                DockerEngine client = newer.open()) {
            assertThat(client.apiVersion()).isEqualTo(spoken);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.40", "1.24", "", "nonsense"})
    void apiVersionWhenEngineIsTooOldIsRefused(String offered) throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        try (FakeEngine older = new FakeEngine(other, offered);
                DockerEngine client = older.open()) {
            String said = offered.isEmpty() ? "unknown" : offered;
            assertThatThrownBy(client::version)
                    .isInstanceOf(EngineTooOldException.class)
                    .hasMessage("The Docker engine at unix://" + other + "/e.sock (DOCKER_HOST) speaks API " + said
                            + "; needed is Docker Engine 20.10 (API 1.41) or newer.\n"
                            + "Update Docker (https://docs.docker.com/engine/install/) or point DOCKER_HOST to a newer"
                            + " engine.");
        }
    }

    @Test
    void callWhenNoEngineListensSaysWhereAndWhyThere() {
        LocatedEngine nowhere = new LocatedEngine(
                new EngineAddress.Unix(Path.of("/nowhere/docker.sock")),
                "context 'colima'",
                List.of(new LocatedEngine.Tried("/x.sock", "permission denied")));

        try (DockerEngine client = DockerEngine.open(nowhere)) {
            EngineUnreachableException e = catchThrowableOfType(EngineUnreachableException.class, client::version);

            assertThat(e)
                    .hasMessage("Can't reach the Docker engine at unix:///nowhere/docker.sock (context 'colima'):"
                            + " no such file. Looked at:\n"
                            + "  /x.sock: permission denied\n"
                            + "Is Docker installed and running? On Linux: sudo systemctl start docker"
                            + " (or: sudo service docker start); on macOS and Windows: start Docker Desktop.");
            assertThat(e.engine()).contains(nowhere);
        }
    }

    @Test
    void callWhenTcpPortRefusesSaysSo() {
        LocatedEngine closed = new LocatedEngine(new EngineAddress.Tcp("127.0.0.1", 1), "DOCKER_HOST");

        try (DockerEngine client = DockerEngine.open(closed)) {
            assertThatThrownBy(client::version)
                    .isInstanceOf(EngineUnreachableException.class)
                    .hasMessage(
                            "Can't reach the Docker engine at tcp://127.0.0.1:1 (DOCKER_HOST): connection refused.\n"
                                    + "Check that an engine listens on port 1 of '127.0.0.1' without TLS;"
                                    + " with TLS set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404, dev.withstack.core.docker.NotFoundException",
        "409, dev.withstack.core.docker.ConflictException",
        "500, dev.withstack.core.docker.DockerException",
        "301, dev.withstack.core.docker.DockerException",
    })
    void callWhenEngineRefusesThrowsItsMessage(int status, Class<? extends DockerException> type) {
        fake.on("GET /containers/db/json", json(status, "{\"message\":\"No such container: db\"}"));

        DockerException e = catchThrowableOfType(type, () -> engine.containers().inspect("db"));

        assertThat(e.status()).isEqualTo(status);
        assertThat(e.engineMessage()).isEqualTo("No such container: db");
        assertThat(e.call()).isEqualTo("GET /containers/db/json");
        assertThat(e).hasMessage("No such container: db (" + status + " from GET /containers/db/json)");
    }

    @Test
    void callWhenRefusedWithoutJsonThrowsTheText() {
        fake.on("GET /version", thenEnd(raw("HTTP/1.1 503 X\r\n\r\nproxy says no\n")));

        assertThatThrownBy(engine::version).hasMessage("proxy says no (503 from GET /version)");
    }

    @Test
    void callWhenRefusedWithNothingNamesTheStatus() {
        fake.on("GET /version", empty(502));

        assertThatThrownBy(engine::version).hasMessage("HTTP status 502 (502 from GET /version)");
    }

    @Test
    void callWhenRefusedKeepsTheConnection() {
        fake.on("GET /version", json(500, "{\"message\":\"no\"}"), json(VERSION));
        assertThatThrownBy(engine::version).isInstanceOf(DockerException.class);

        engine.version();

        assertThat(fake.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void callWhenAnswerIsChunkedPutsItTogether() {
        fake.on("GET /version", chunked(VERSION.substring(0, 10), VERSION.substring(10, 11), VERSION.substring(11)));

        assertThat(engine.version().server()).isEqualTo("20.10.24");
        assertThat(engine.version().server()).isEqualTo("20.10.24");
        assertThat(fake.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void callWhenAnswerIsLongerThanTheBufferReadsItWhole() {
        String name = "n".repeat(100_000);
        fake.on("GET /version", json("{\"Version\":\"" + name + "\"}"), chunked("{\"Version\":\"", name, "\"}"));

        assertThat(engine.version().server()).isEqualTo(name);
        assertThat(engine.version().server()).isEqualTo(name);
    }

    @Test
    void callWhenConnectionEndsInTheBodyIsUnreachable() {
        fake.on("GET /version", thenEnd(raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Ver")));

        assertThatThrownBy(engine::version)
                .isInstanceOf(EngineUnreachableException.class)
                .hasMessageContaining("the connection ended in the middle of an answer (during GET /version)");
    }

    @Test
    void callWhenConnectionEndsInAChunkIsUnreachable() {
        fake.on("GET /version", thenEnd(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"Ver")));

        assertThatThrownBy(engine::version).isInstanceOf(EngineUnreachableException.class);
    }

    @Test
    void callWhenAnswerIsNotHttpIsUnreachable() {
        fake.on("GET /version", raw("SSH-2.0-OpenSSH_9\r\n"));

        assertThatThrownBy(engine::version)
                .isInstanceOf(EngineUnreachableException.class)
                .hasMessageContaining("not an HTTP answer: 'SSH-2.0-OpenSSH_9'");
    }

    @Test
    void callWhenEngineIsSilentTimesOut() {
        fake.on("GET /version", fake.silence());
        EngineTimeouts impatient = new EngineTimeouts(Duration.ofSeconds(1), Duration.ofMillis(300));

        try (DockerEngine client = DockerEngine.open(fake.located(), impatient)) {
            EngineTimeoutException e = catchThrowableOfType(EngineTimeoutException.class, client::version);

            assertThat(e.waited()).isEqualTo(Duration.ofMillis(300));
            assertThat(e).hasMessageContaining("to GET /version for 300 ms");
        }
    }

    @Test
    void callWhenKeptConnectionWasDroppedOpensAnother() throws IOException {
        fake.on("GET /version", json(VERSION)).on("POST /containers/db/start", empty(204));
        engine.version();
        fake.dropConnections();

        engine.containers().start("db");

        assertThat(fake.connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void callWhenKeptConnectionDiesBeforeTheAnswerIsMadeAgainIfItOnlyReads() {
        fake.on("GET /version", json(VERSION), thenEnd(out -> {}), json(VERSION));
        engine.version();

        assertThat(engine.version().server()).isEqualTo("20.10.24");
        assertThat(fake.connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void callWhenKeptConnectionDiesBeforeTheAnswerIsNotMadeAgainIfItChanges() {
        fake.on("GET /version", json(VERSION)).on("POST /containers/db/start", thenEnd(out -> {}), empty(204));
        engine.version();

        assertThatThrownBy(() -> engine.containers().start("db")).isInstanceOf(EngineUnreachableException.class);
    }

    @Test
    void callWhenSeveralAtOnceUsesAConnectionEach() throws Exception {
        CyclicBarrier bothThere = new CyclicBarrier(2);
        fake.on("GET /version", out -> {
            try {
                bothThere.await(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IOException(e);
            }
            json(VERSION).write(out);
        });
        engine.apiVersion();

        var one = CompletableFuture.supplyAsync(engine::version, DockerEngineTests::inThreadOfItsOwn);
        var other = CompletableFuture.supplyAsync(engine::version, DockerEngineTests::inThreadOfItsOwn);

        assertThat(one.get()).isEqualTo(other.get());
        assertThat(fake.connectionsAccepted()).isEqualTo(2);
    }

    @Test
    void callWhenThreadIsInterruptedEndsAndKeepsTheFlag() throws Exception {
        BlockingQueue<Thread> waiting = new LinkedBlockingQueue<>();
        Thread caller = Thread.currentThread();
        fake.on("GET /version", out -> {
            waiting.add(caller);
            fake.silence().write(out);
        });
        CompletableFuture<Void> interrupter = CompletableFuture.runAsync(() -> {
            try {
                waiting.take().interrupt();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThatThrownBy(engine::version)
                .isInstanceOf(EngineInterruptedException.class)
                .hasMessage("Interrupted during GET /version");
        assertThat(Thread.interrupted()).isTrue();
        interrupter.get();
    }

    @Test
    void closeWhenCallIsInProgressEndsIt() throws Exception {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        fake.on("GET /version", out -> {
            asked.add("version");
            fake.silence().write(out);
        });
        var call = CompletableFuture.supplyAsync(engine::version);
        asked.take();

        engine.close();

        assertThatThrownBy(call::get).hasRootCauseMessage("This client of the Docker engine is closed");
        assertThatThrownBy(engine::version).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void infoWhenCalledReadsTheAnswer() {
        fake.on(
                "GET /info",
                json(
                        """
                        {"ID":"I","Name":"vm","ServerVersion":"20.10.24","OperatingSystem":"Debian","OSType":"linux",
                        "Architecture":"x86_64","NCPU":2,"MemTotal":25274793984,"DockerRootDir":"/d","Driver":"overlay2",
                        "SecurityOptions":["name=rootless"],"Warnings":null}"""));

        assertThat(engine.info())
                .isEqualTo(new EngineInfo(
                        "I",
                        "vm",
                        "20.10.24",
                        "Debian",
                        "linux",
                        "x86_64",
                        2,
                        25274793984L,
                        "/d",
                        "overlay2",
                        List.of("name=rootless"),
                        List.of()));
    }

    @Test
    void pastEventsWhenAskedForAreThoseUntilNow() {
        fake.on(
                "GET /events",
                chunked(
                        """
                        {"Type":"container","Action":"pause","Actor":{"ID":"c1","Attributes":{}},"time":1763830000}
                        """,
                        """
                        {"Type":"container","Action":"unpause","Actor":{"ID":"c1","Attributes":{}},"time":1763830001}
                        """));

        assertThat(engine.pastEvents(EventFilter.all().since(Instant.ofEpochSecond(1763830000))))
                .extracting(EngineEvent::action)
                .containsExactly("pause", "unpause");
    }

    @Test
    void eventsWhenTheyComeReachTheListenerInOrder() throws Exception {
        Recorder<EngineEvent> recorder = new Recorder<>();
        fake.on(
                "GET /events",
                chunked(
                        """
                        {"Type":"container","Action":"health_status: healthy","Actor":{"ID":"c1",\
                        "Attributes":{"name":"db","dev.withstack.stack":"s"}},"time":1763830000,"timeNano":1763830000000000007}
                        """,
                        "{\"Type\":\"container\",\"Action\":\"die\",",
                        "\"Actor\":{\"ID\":\"c1\",\"Attributes\":{\"exitCode\":\"137\"}},\"time\":1763830001}\n"));

        engine.events(
                EventFilter.labelled(LabelFilter.label("a", "b"))
                        .types("container")
                        .actions("die"),
                recorder);

        assertThat(recorder.next())
                .isEqualTo(new EngineEvent(
                        "container",
                        "health_status",
                        "healthy",
                        "c1",
                        Map.of("name", "db", "dev.withstack.stack", "s"),
                        Instant.ofEpochSecond(1763830000, 7)));
        EngineEvent die = recorder.next();
        assertThat(die.action()).isEqualTo("die");
        assertThat(die.attributes()).containsEntry("exitCode", "137");
        assertThat(recorder.end()).isEqualTo(StreamEnd.of(StreamEnd.Reason.FINISHED));
        assertThat(java.net.URLDecoder.decode(fake.last("GET /events").target(), StandardCharsets.UTF_8))
                .contains("filters={\"label\":[\"a=b\"],\"type\":[\"container\"],\"event\":[\"die\"]}")
                .contains("since=");
    }

    @Test
    void eventsWhenConnectionBreaksReportTheFailure() throws Exception {
        Recorder<EngineEvent> recorder = new Recorder<>();
        fake.on("GET /events", thenEnd(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")));

        engine.events(EventFilter.all(), recorder);

        StreamEnd end = recorder.end();
        assertThat(end.reason()).isEqualTo(StreamEnd.Reason.FAILED);
        assertThat(end.failure()).containsInstanceOf(EngineUnreachableException.class);
    }

    @Test
    void eventsWhenClosedReportThat() throws Exception {
        Recorder<EngineEvent> recorder = new Recorder<>();
        fake.on("GET /events", fake.thenSilence(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")));
        Follow follow = engine.events(EventFilter.all(), recorder);

        follow.close();

        assertThat(recorder.end()).isEqualTo(StreamEnd.of(StreamEnd.Reason.CLOSED));
        assertThat(follow.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void eventsWhenTheWholeClientIsClosedReportThat() throws Exception {
        Recorder<EngineEvent> recorder = new Recorder<>();
        fake.on("GET /events", fake.thenSilence(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")));
        engine.events(EventFilter.all(), recorder);

        engine.close();

        assertThat(recorder.end()).isEqualTo(StreamEnd.of(StreamEnd.Reason.CLOSED));
    }

    @Test
    void eventsWhenListenerThrowsEndWithThat() throws Exception {
        RuntimeException mistake = new RuntimeException("mistake");
        Recorder<EngineEvent> recorder = new Recorder<>() {
            @Override
            public void next(EngineEvent item) {
                throw mistake;
            }
        };
        fake.on("GET /events", chunked("{\"Type\":\"container\",\"Action\":\"die\"}\n"));

        engine.events(EventFilter.all(), recorder);

        assertThat(recorder.end()).isEqualTo(StreamEnd.failed(mistake));
    }

    @Test
    void eventsWhenRefusedThrowBeforeAnythingStarts() {
        fake.on("GET /events", json(400, "{\"message\":\"invalid filter\"}"));

        assertThatThrownBy(() -> engine.events(EventFilter.all(), new Recorder<>()))
                .isInstanceOf(DockerException.class)
                .hasMessageStartingWith("invalid filter");
    }

    /** Hands over what a stream brings. */
    static class Recorder<T> implements StreamListener<T> {

        private final BlockingQueue<T> items = new LinkedBlockingQueue<>();
        private final BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();

        @Override
        public void next(T item) {
            items.add(item);
        }

        @Override
        public void ended(StreamEnd end) {
            ends.add(end);
        }

        T next() throws InterruptedException {
            T item = items.poll(120, TimeUnit.SECONDS);
            assertThat(item).as("next item of the stream").isNotNull();
            return item;
        }

        StreamEnd end() throws InterruptedException {
            StreamEnd end = ends.poll(120, TimeUnit.SECONDS);
            assertThat(end).as("end of the stream").isNotNull();
            return end;
        }
    }

    /** The common pool may have one thread only, where two calls would never meet. */
    private static void inThreadOfItsOwn(Runnable call) {
        new Thread(call, "call").start();
    }
}
