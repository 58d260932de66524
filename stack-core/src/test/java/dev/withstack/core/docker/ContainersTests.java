package dev.withstack.core.docker;

import static dev.withstack.core.docker.FakeEngine.chunkedBytes;
import static dev.withstack.core.docker.FakeEngine.empty;
import static dev.withstack.core.docker.FakeEngine.frame;
import static dev.withstack.core.docker.FakeEngine.hijacked;
import static dev.withstack.core.docker.FakeEngine.json;
import static dev.withstack.core.docker.FakeEngine.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.docker.ContainerDetails.Mount;
import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.Containers.Scope;
import dev.withstack.core.docker.DockerEngineTests.Recorder;
import dev.withstack.core.docker.LogLine.Stream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ContainersTests {

    private static final String STAMP = "2026-11-22T17:22:29.449298610Z";
    private static final Instant TIME = Instant.parse(STAMP);
    private static final String MULTIPLEXED = "application/octet-stream";

    @TempDir
    Path directory;

    private FakeEngine fake;
    private DockerEngine engine;
    private Containers containers;

    @BeforeEach
    void open() throws IOException {
        fake = new FakeEngine(directory);
        fake.on("GET /containers/db/json", json("{\"Config\":{\"Tty\":false}}"));
        engine = fake.open();
        containers = engine.containers();
    }

    @AfterEach
    void close() {
        engine.close();
        fake.close();
    }

    @Test
    void usageWhenTheContainerRunsCountsBusyCpusAndMemoryThatCantBeGivenBack() {
        fake.on(
                "GET /containers/db/stats",
                json(
                        """
                        {"cpu_stats":{"cpu_usage":{"total_usage":3000},"system_cpu_usage":10000,"online_cpus":4},
                        "precpu_stats":{"cpu_usage":{"total_usage":1000},"system_cpu_usage":6000},
                        "memory_stats":{"usage":1000,"limit":4000,"stats":{"inactive_file":300}},"pids_stats":{"current":5}}"""));

        assertThat(containers.usage("db")).contains(new ContainerUsage(2.0, 700, 4000, 5));
    }

    @Test
    void usageWhenTheContainerDoesNotRunIsEmpty() {
        fake.on("GET /containers/db/stats", json("{\"cpu_stats\":{},\"memory_stats\":{},\"pids_stats\":{}}"));

        assertThat(containers.usage("db")).isEmpty();
    }

    @Test
    void listWhenCalledReadsWhatIsShown() {
        fake.on(
                "GET /containers/json",
                json(
                        """
                        [{"Id":"c1","Names":["/web/db-alias","/db"],"Image":"redis:7","ImageID":"sha256:1","Created":1763830000,
                          "Labels":{"a":"1","b":"2"},"State":"running","Status":"Up 2 hours (unhealthy)",
                          "Ports":[{"IP":"127.0.0.1","PrivatePort":6379,"PublicPort":6380,"Type":"tcp"},
                                   {"PrivatePort":9000,"Type":"tcp"}],
                          "NetworkSettings":{"Networks":{"n":{"NetworkID":"n1","IPAddress":"172.18.0.2","Aliases":null}}}}]"""));

        assertThat(containers.list(Scope.ALL, LabelFilter.label("a", "1").andPresent("b")))
                .containsExactly(new ContainerSummary(
                        "c1",
                        "db",
                        "redis:7",
                        "sha256:1",
                        Map.of("a", "1", "b", "2"),
                        ContainerState.RUNNING,
                        ContainerHealth.UNHEALTHY,
                        "Up 2 hours (unhealthy)",
                        List.of(new PublishedPort("127.0.0.1", 6380, 6379, "tcp")),
                        List.of(new NetworkAttachment("n", "n1", "172.18.0.2", List.of())),
                        Instant.ofEpochSecond(1763830000)));
        assertThat(URLDecoder.decode(fake.last("GET /containers/json").target(), StandardCharsets.UTF_8))
                .isEqualTo("/v1.41/containers/json?filters={\"label\":[\"a=1\",\"b\"]}&all=1");
    }

    @Test
    void listWhenNothingIsFilteredAsksPlainly() {
        fake.on("GET /containers/json", json("[]"));

        assertThat(containers.list(Scope.RUNNING, LabelFilter.none())).isEmpty();
        assertThat(fake.last("GET /containers/json").target()).isEqualTo("/v1.41/containers/json");
    }

    @Test
    void inspectWhenCalledReadsHowItEnded() {
        fake.on(
                "GET /containers/db/json",
                json(
                        """
                        {"Id":"c1","Name":"/db","Image":"sha256:1","Created":"2026-11-22T17:22:29.1Z","RestartCount":3,
                         "State":{"Status":"exited","ExitCode":137,"OOMKilled":true,"Error":"e","Pid":0,
                           "StartedAt":"2026-11-22T17:22:29.449298610Z","FinishedAt":"0001-01-01T00:00:00Z",
                           "Health":{"Status":"unhealthy","FailingStreak":2,"Log":[
                             {"Start":"2026-11-22T17:22:29.449298610Z","End":"2026-11-22T18:22:30+01:00","ExitCode":1,"Output":"no"}]}},
                         "Config":{"Image":"redis:7","Env":["A=1","B=2"],"Labels":{"l":"v"},"Entrypoint":["e"],"Cmd":["c"],
                           "User":"70","WorkingDir":"/data","Hostname":"h","ExposedPorts":{"6379/tcp":{}},"Tty":true,
                           "StopSignal":"SIGINT","StopTimeout":7,
                           "Healthcheck":{"Test":["CMD","x"],"Interval":1000000000,"Timeout":2000000000,"StartPeriod":0,"Retries":3}},
                         "HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":4},"NetworkMode":"n","Memory":1048576,
                           "MemoryReservation":5,"NanoCpus":500000000,"PidsLimit":null,"LogConfig":{"Type":"json-file"}},
                         "Mounts":[{"Type":"volume","Name":"v","Source":"/s","Destination":"/data","RW":true},
                                   {"Type":"bind","Source":"/b","Destination":"/conf","RW":false}],
                         "NetworkSettings":{"Ports":{"6379/tcp":[{"HostIp":"127.0.0.1","HostPort":"6380"}],"9000/tcp":null},
                           "Networks":{"n":{"NetworkID":"n1","IPAddress":"172.18.0.2","Aliases":["redis","c1"]}}}}"""));

        ContainerDetails db = containers.inspect("db");

        assertThat(db.name()).isEqualTo("db");
        assertThat(db.restarts()).isEqualTo(3);
        assertThat(db.created()).isEqualTo(Instant.parse("2026-11-22T17:22:29.1Z"));
        assertThat(db.state())
                .isEqualTo(new ContainerDetails.State(
                        ContainerState.EXITED,
                        0,
                        137,
                        true,
                        "e",
                        Optional.of(TIME),
                        Optional.empty(),
                        ContainerHealth.UNHEALTHY,
                        2,
                        List.of(new ContainerDetails.HealthCheckRun(
                                Optional.of(TIME), Optional.of(Instant.parse("2026-11-22T17:22:30Z")), 1, "no"))));
        assertThat(db.config())
                .isEqualTo(new ContainerDetails.Config(
                        "redis:7",
                        List.of("A=1", "B=2"),
                        Map.of("l", "v"),
                        List.of("e"),
                        List.of("c"),
                        "70",
                        "/data",
                        "h",
                        List.of("6379/tcp"),
                        true,
                        "SIGINT",
                        Optional.of(Duration.ofSeconds(7)),
                        Optional.of(new HealthCommand(
                                List.of("CMD", "x"), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO, 3))));
        assertThat(db.host())
                .isEqualTo(
                        new ContainerDetails.HostConfig("on-failure", 4, "n", 1048576, 5, 500000000, 0, "json-file"));
        assertThat(db.mounts())
                .containsExactly(
                        new Mount("volume", "v", "/s", "/data", Mount.Access.READ_WRITE),
                        new Mount("bind", "", "/b", "/conf", Mount.Access.READ_ONLY));
        assertThat(db.ports()).containsExactly(new PublishedPort("127.0.0.1", 6380, 6379, "tcp"));
        assertThat(db.networks())
                .containsExactly(new NetworkAttachment("n", "n1", "172.18.0.2", List.of("redis", "c1")));
        assertThat(db.json()).containsKey("HostConfig");
    }

    @Test
    void findWhenThereIsNoneIsEmpty() {
        fake.on("GET /containers/gone/json", json(404, "{\"message\":\"No such container: gone\"}"));

        assertThat(containers.find("gone")).isEmpty();
    }

    @Test
    void inspectWhenNameIsBlankIsRefusedHere() {
        assertThatThrownBy(() -> containers.remove(" ", Force.KILL, AnonymousVolumes.REMOVE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void inspectWhenNameHasOddCharactersKeepsToItsPlaceInThePath() {
        fake.on("GET /containers/a%20b%3Fc%23/json", json("{}"));

        containers.inspect("a b?c#");

        assertThat(fake.last("GET /containers/a%20b%3Fc%23/json").target()).endsWith("/a%20b%3Fc%23/json");
    }

    @Test
    void createWhenCalledSendsTheSpecification() {
        fake.on("POST /containers/create", json(201, "{\"Id\":\"c1\",\"Warnings\":[\"w\"]}"));

        CreatedContainer created = containers.create(
                "db", Map.of("HostConfig", Map.of("Memory", 5, "Mounts", List.of(Map.of("A", true)))));

        assertThat(created).isEqualTo(new CreatedContainer("c1", List.of("w")));
        FakeEngine.Request request = fake.last("POST /containers/create");
        assertThat(request.target()).endsWith("/containers/create?name=db");
        assertThat(request.headers()).containsEntry("content-type", "application/json");
        assertThat(Map.of("HostConfig", Map.of("Memory", 5L, "Mounts", List.of(Map.of("A", true)))))
                .isEqualTo(parsed(request.body()));
    }

    @Test
    void startWhenItRunsAlreadyIsNoError() {
        fake.on("POST /containers/db/start", empty(304));

        containers.start("db");
        containers.start("db");

        assertThat(fake.connectionsAccepted()).isEqualTo(1);
    }

    @Test
    void stopWhenGraceIsGivenRoundsItUpToSeconds() {
        fake.on("POST /containers/db/stop", empty(204));

        containers.stop("db", Duration.ofMillis(1500));

        assertThat(fake.last("POST /containers/db/stop").target()).endsWith("?t=2");
    }

    @Test
    void callWhenTheEngineIsToldToWaitIsWaitedForAsMuchLonger() {
        assertThat(Call.post("/x").timeoutMillis(10)).isEqualTo(10);
        assertThat(Call.post("/x").waits(Duration.ofSeconds(10)).timeoutMillis(10))
                .isEqualTo(10_010);
        assertThat(Call.post("/x").silence(Duration.ofSeconds(1)).timeoutMillis(10))
                .isEqualTo(1_000);
        assertThat(Call.post("/x").endless().timeoutMillis(10)).isEqualTo(Wire.FOREVER);
    }

    @Test
    void otherChangesWhenCalledAskForWhatTheySay() {
        fake.on("POST /containers/db/restart", empty(204))
                .on("POST /containers/db/kill", empty(204))
                .on("POST /containers/db/rename", empty(204))
                .on("DELETE /containers/db", empty(204));

        containers.restart("db", Duration.ofSeconds(3));
        containers.kill("db", "SIGTERM");
        containers.rename("db", "old db");
        containers.remove("db", Force.KILL, AnonymousVolumes.KEEP);

        assertThat(fake.requests())
                .extracting(FakeEngine.Request::target)
                .contains(
                        "/v1.41/containers/db/restart?t=3",
                        "/v1.41/containers/db/kill?signal=SIGTERM",
                        "/v1.41/containers/db/rename?name=old%20db",
                        "/v1.41/containers/db?force=1&v=0");
    }

    @Test
    void watchExitWhenItEndsGivesTheCode() {
        fake.on("POST /containers/db/wait", json("{\"StatusCode\":3,\"Error\":{\"Message\":\"oops\"}}"));

        try (ExitWatch watch = containers.watchExit("db", ExitCondition.NEXT_EXIT)) {
            assertThat(watch.await()).isEqualTo(new ContainerExit(3, "oops"));
        }
        assertThat(fake.last("POST /containers/db/wait").target()).endsWith("?condition=next-exit");
    }

    @Test
    void watchExitWhenItDoesNotEndInTimeIsEmpty() {
        fake.on(
                "POST /containers/db/wait",
                fake.thenSilence(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")));

        try (ExitWatch watch = containers.watchExit("db", ExitCondition.NOT_RUNNING)) {
            assertThat(watch.await(Duration.ofMillis(20))).isEmpty();
        }
    }

    @Test
    void logsWhenFramesComeTellsTheStreamsApart() {
        fake.on(
                "GET /containers/db/logs",
                chunkedBytes(
                        MULTIPLEXED,
                        frame(1, STAMP + " one\n"),
                        frame(2, STAMP + " two\r\n"),
                        frame(1, STAMP + " \n"),
                        frame(1, STAMP + " ünfinished")));

        assertThat(read(LogQuery.last(5).since(Instant.ofEpochSecond(7, 5))))
                .containsExactly(
                        new LogLine(Stream.STDOUT, TIME, "one"),
                        new LogLine(Stream.STDERR, TIME, "two"),
                        new LogLine(Stream.STDOUT, TIME, ""),
                        new LogLine(Stream.STDOUT, TIME, "ünfinished"));
        assertThat(fake.last("GET /containers/db/logs").target())
                .endsWith("?stdout=1&stderr=1&timestamps=1&tail=5&since=7.000000005");
    }

    @Test
    void logsWhenFramesAreCutAnywherePutsThemTogether() {
        byte[] frame = frame(1, STAMP + " one\n");
        byte[][] bytes = new byte[frame.length][];
        for (int at = 0; at < frame.length; at++) {
            bytes[at] = new byte[] {frame[at]};
        }
        fake.on("GET /containers/db/logs", chunkedBytes(MULTIPLEXED, bytes));

        assertThat(read(LogQuery.all())).containsExactly(new LogLine(Stream.STDOUT, TIME, "one"));
    }

    @Test
    void logsWhenLineIsSplitOverMessagesJoinsItWithoutTheInnerStamps() {
        fake.on(
                "GET /containers/db/logs",
                chunkedBytes(
                        MULTIPLEXED,
                        frame(1, STAMP + " " + "a".repeat(16_384)),
                        frame(2, "2026-11-22T17:22:30Z between\n"),
                        frame(1, "2026-11-22T17:22:31Z end\n")));

        assertThat(read(LogQuery.all()))
                .containsExactly(
                        new LogLine(Stream.STDERR, Instant.parse("2026-11-22T17:22:30Z"), "between"),
                        new LogLine(Stream.STDOUT, TIME, "a".repeat(16_384) + "end"));
    }

    @Test
    void logsWhenTerminalReadsOneStreamWithoutFrames() {
        fake.on("GET /containers/db/json", json("{\"Config\":{\"Tty\":true}}"))
                .on(
                        "GET /containers/db/logs",
                        chunkedBytes(MULTIPLEXED, bytes(STAMP + " on"), bytes("e\r\n" + STAMP + " two")));

        assertThat(read(LogQuery.all()))
                .containsExactly(new LogLine(Stream.STDOUT, TIME, "one"), new LogLine(Stream.STDOUT, TIME, "two"));
    }

    @Test
    void logsWhenAnswerNamesItsFormatDoesNotAskForTheContainer() {
        fake.on(
                "GET /containers/db/logs",
                chunkedBytes("application/vnd.docker.multiplexed-stream", frame(1, STAMP + " one\n")));

        assertThat(read(LogQuery.all())).hasSize(1);
        assertThat(fake.requests()).extracting(FakeEngine.Request::call).doesNotContain("GET /containers/db/json");
    }

    @Test
    void logsWhenStreamEndsInAFrameIsUnreachable() {
        fake.on(
                "GET /containers/db/logs",
                chunkedBytes(MULTIPLEXED, frame(1, STAMP + " one\n"), new byte[] {1, 0, 0, 0, 0, 0, 0, 9, 'x'}));

        List<LogLine> lines = new ArrayList<>();
        assertThatThrownBy(() -> containers.logs("db", LogQuery.all(), lines::add))
                .isInstanceOf(EngineUnreachableException.class)
                .hasMessageContaining("the stream ended in the middle of a frame");
        assertThat(lines).hasSize(1);
    }

    @Test
    void followLogsWhenContainerEndsTellsSo() throws Exception {
        Recorder<LogLine> recorder = new Recorder<>();
        fake.on("GET /containers/db/logs", chunkedBytes(MULTIPLEXED, frame(1, STAMP + " one\n")));

        containers.followLogs("db", LogQuery.all(), recorder);

        assertThat(recorder.next().text()).isEqualTo("one");
        assertThat(recorder.end().reason()).isEqualTo(StreamEnd.Reason.FINISHED);
        assertThat(fake.last("GET /containers/db/logs").target()).endsWith("&follow=1");
    }

    @Test
    void followLogsWhenClosedByTheListenerItselfEnds() throws Exception {
        fake.on("GET /containers/db/logs", fake.thenSilence(out -> {
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").write(out);
            FakeEngine.chunk(out, frame(1, STAMP + " one\n"));
        }));
        java.util.concurrent.CompletableFuture<Follow> handle = new java.util.concurrent.CompletableFuture<>();
        Recorder<LogLine> recorder = new Recorder<>() {
            @Override
            public void next(LogLine item) {
                handle.join().close();
            }
        };

        handle.complete(containers.followLogs("db", LogQuery.all(), recorder));

        assertThat(recorder.end()).isEqualTo(StreamEnd.of(StreamEnd.Reason.CLOSED));
    }

    @Test
    void execWhenCommandEndsGivesItsStreamsAndCode() {
        fake.on("POST /containers/db/exec", json(201, "{\"Id\":\"e1\"}"))
                .on("POST /exec/e1/start", hijacked(frame(1, "out "), frame(2, "err"), frame(1, "püt")))
                .on(
                        "GET /exec/e1/json",
                        json("{\"Running\":true,\"ExitCode\":null}"),
                        json("{\"Running\":false,\"ExitCode\":3}"));
        ExecCommand command = ExecCommand.of("psql", "-c", "select 1")
                .environment("PGPASSWORD", "x=y")
                .user("postgres")
                .workingDirectory("/tmp");

        assertThat(containers.exec("db", command)).isEqualTo(new ExecResult(3, "out püt", "err", false));
        assertThat(parsed(fake.last("POST /containers/db/exec").body()))
                .isEqualTo(Map.of(
                        "AttachStdout",
                        true,
                        "AttachStderr",
                        true,
                        "Cmd",
                        List.of("psql", "-c", "select 1"),
                        "Env",
                        List.of("PGPASSWORD=x=y"),
                        "User",
                        "postgres",
                        "WorkingDir",
                        "/tmp"));
        assertThat(fake.last("POST /exec/e1/start").headers()).containsEntry("upgrade", "tcp");
    }

    @Test
    void execWhenOutputIsLongKeepsItsBeginning() {
        fake.on("POST /containers/db/exec", json(201, "{\"Id\":\"e1\"}"))
                .on("POST /exec/e1/start", hijacked(frame(1, "0123456789"), frame(1, "more"), frame(2, "err")))
                .on("GET /exec/e1/json", json("{\"Running\":false,\"ExitCode\":0}"));

        assertThat(containers.exec("db", ExecCommand.of("yes").outputLimit(5)))
                .isEqualTo(new ExecResult(0, "01234", "err", true));
    }

    @Test
    void execWhenCommandDoesNotEndInTimeGivesWhatItWrote() {
        fake.on("POST /containers/db/exec", json(201, "{\"Id\":\"e1\"}"))
                .on("POST /exec/e1/start", fake.thenSilence(out -> {
                    raw("HTTP/1.1 101 UPGRADED\r\n\r\n").write(out);
                    out.write(frame(1, "begun"));
                }));

        ExecTimeoutException e = catchThrowableOfType(
                ExecTimeoutException.class,
                () -> containers.exec("db", ExecCommand.of("sleep", "99").timeout(Duration.ofMillis(500))));

        assertThat(e)
                .hasMessage("Command [sleep, 99] in container 'db' did not end within 500 ms;"
                        + " it may still be running there.");
        assertThat(e.stdout()).isEqualTo("begun");
    }

    @Test
    void execWhenContainerDoesNotRunIsAConflict() {
        fake.on("POST /containers/db/exec", json(409, "{\"message\":\"Container db is not running\"}"));

        assertThatThrownBy(() -> containers.exec("db", ExecCommand.of("true"))).isInstanceOf(ConflictException.class);
    }

    @Test
    void copyIntoWhenCalledSendsAnArchive() throws IOException {
        fake.on("PUT /containers/db/archive", empty(200));

        containers.copyInto("db", "/etc", List.of(ContainerFile.text("app/a.conf", "x=1")));

        FakeEngine.Request request = fake.last("PUT /containers/db/archive");
        assertThat(request.target()).endsWith("?path=%2Fetc");
        byte[] archive = request.body().getBytes(StandardCharsets.ISO_8859_1);
        assertThat(Tar.first(new java.io.ByteArrayInputStream(archive), "a.conf", 10)
                        .content())
                .asString()
                .isEqualTo("x=1");
    }

    @Test
    void readFileWhenItIsTooLargeIsRefused() {
        fake.on(
                "GET /containers/db/archive",
                chunkedBytes("application/x-tar", Tar.archive(List.of(ContainerFile.text("a", "0123456789")))));

        assertThatThrownBy(() -> containers.readFile("db", "/a", 9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'/a' has 10 bytes; at most 9 are read");
        assertThat(containers.readFile("db", "/a", 10)).asString().isEqualTo("0123456789");
    }

    private List<LogLine> read(LogQuery query) {
        List<LogLine> lines = new ArrayList<>();
        containers.logs("db", query, lines::add);
        return lines;
    }

    private static Map<String, Object> parsed(String body) {
        try {
            return Json.object(body).fields();
        } catch (IOException e) {
            throw new AssertionError(body, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
