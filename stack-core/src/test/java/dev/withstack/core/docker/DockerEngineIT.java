package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.Containers.Scope;
import dev.withstack.core.docker.DockerEngineTests.Recorder;
import dev.withstack.core.docker.LogLine.Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Makes every call on a real engine; what it makes carries a label of this run and is removed. */
@Timeout(300)
class DockerEngineIT {

    private static final String IMAGE =
            System.getProperty("withstack.images", "offline").equals("upstream") ? "redis:7-alpine" : "offline/redis:7";
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final Map<String, String> LABELS =
            Map.of("dev.withstack.test", "docker-client", "dev.withstack.test.run", RUN);
    private static final LabelFilter OURS = LabelFilter.label("dev.withstack.test.run", RUN);

    private static DockerEngine engine;
    private static Containers containers;

    private String name;

    @BeforeAll
    static void open() {
        engine = DockerEngine.open(EngineLocator.ofThisProcess().locate());
        containers = engine.containers();
        if (engine.images().find(IMAGE).isEmpty()) {
            engine.images().pull(IMAGE, Optional.empty(), Duration.ofMinutes(5), step -> {});
        }
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @BeforeEach
    void chooseName() {
        name = "docker-client-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @AfterEach
    void removeAll() {
        for (ContainerSummary one : containers.list(Scope.ALL, OURS)) {
            containers.remove(one.id(), Force.KILL, AnonymousVolumes.REMOVE);
        }
        for (NetworkDetails one : engine.networks().list(OURS)) {
            engine.networks().remove(one.id());
        }
        for (VolumeDetails one : engine.volumes().list(OURS)) {
            engine.volumes().remove(one.name());
        }
    }

    @Test
    void engineWhenAskedSaysWhoItIs() {
        EngineVersion version = engine.version();
        EngineInfo info = engine.info();

        assertThat(version.server()).isEqualTo(info.server()).isNotEmpty();
        assertThat(version.os()).isEqualTo("linux");
        assertThat(info.cpus()).isPositive();
        assertThat(info.memoryBytes()).isGreaterThan(1L << 28);
        assertThat(info.id()).isNotEmpty();
        assertThat(Integer.parseInt(engine.apiVersion().substring(2))).isBetween(41, 44);
    }

    @Test
    void containerWhenStartedIsListedAndInspected() {
        Instant before = Instant.now().minusSeconds(600);
        Map<String, Object> spec = spec("redis-server");
        spec.put("Env", List.of("A=1"));
        spec.put("ExposedPorts", Map.of("6379/tcp", Map.of()));
        spec.put(
                "HostConfig",
                Map.of(
                        "Memory",
                        67108864,
                        "NanoCpus",
                        500000000,
                        "RestartPolicy",
                        Map.of("Name", "unless-stopped"),
                        "PortBindings",
                        Map.of("6379/tcp", List.of(Map.of("HostIp", "127.0.0.1", "HostPort", "")))));
        CreatedContainer created = containers.create(name, spec);
        assertThat(containers.inspect(name).state().state()).isEqualTo(ContainerState.CREATED);

        containers.start(created.id());
        containers.start(created.id());

        ContainerDetails details = containers.inspect(name);
        assertThat(details.id()).isEqualTo(created.id());
        assertThat(details.state().state()).isEqualTo(ContainerState.RUNNING);
        assertThat(details.state().startedAt())
                .hasValueSatisfying(at -> assertThat(at).isAfter(before));
        assertThat(details.config().environment()).contains("A=1");
        assertThat(details.config().image()).isEqualTo(IMAGE);
        assertThat(details.host().memoryBytes()).isEqualTo(67108864);
        assertThat(details.host().nanoCpus()).isEqualTo(500000000);
        assertThat(details.host().restartPolicy()).isEqualTo("unless-stopped");
        assertThat(details.ports()).hasSize(1).first().satisfies(port -> {
            assertThat(port.hostIp()).isEqualTo("127.0.0.1");
            assertThat(port.containerPort()).isEqualTo(6379);
        });
        ContainerSummary summary = listed();
        assertThat(summary.id()).isEqualTo(created.id());
        assertThat(summary.name()).isEqualTo(name);
        assertThat(summary.labels()).containsAllEntriesOf(LABELS);
        assertThat(summary.imageId())
                .isEqualTo(details.imageId())
                .isEqualTo(engine.images().inspect(IMAGE).id());
        assertThat(summary.state()).isEqualTo(ContainerState.RUNNING);
        assertThat(summary.ports()).isEqualTo(details.ports());
        assertThat(summary.networks()).extracting(NetworkAttachment::network).containsExactly("bridge");
        assertThat(summary.networks().get(0).ipAddress())
                .isEqualTo(details.networks().get(0).ipAddress())
                .isNotEmpty();

        PublishedPort port = details.ports().get(0);
        assertThat(HostPorts.ofThisHost().owner("127.0.0.1", port.hostPort(), containers.list(Scope.RUNNING, OURS)))
                .contains(new PortOwner.Container(name, ""));
    }

    @Test
    void createWhenNameIsInUseIsAConflict() {
        containers.create(name, spec("true"));

        assertThatThrownBy(() -> containers.create(name, spec("true")))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("is already in use");
    }

    @Test
    void createWhenImageIsNotThereIsNotFound() {
        Map<String, Object> spec = spec("true");
        spec.put("Image", "offline/no-such-image:1");

        assertThatThrownBy(() -> containers.create(name, spec))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("No such image");
    }

    @Test
    void stopWhenProcessObeysEndsItGently() {
        String id = running("redis-server");
        awaitPong(id, "127.0.0.1"); // before that it may not listen to signals yet

        containers.stop(id, Duration.ofSeconds(10));
        containers.stop(id, Duration.ofSeconds(10));

        ContainerDetails.State state = containers.inspect(id).state();
        assertThat(state.state()).isEqualTo(ContainerState.EXITED);
        assertThat(state.exitCode()).isZero();
        assertThat(state.finishedAt()).isPresent();
        assertThat(listed().status()).startsWith("Exited (0)");
    }

    @Test
    void stopWhenProcessDoesNotObeyKillsItAfterTheGrace() {
        String id = running("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done");
        awaitLine(id, "up");

        containers.stop(id, Duration.ofSeconds(1));

        assertThat(containers.inspect(id).state().exitCode()).isEqualTo(137);
    }

    @Test
    void restartRenameAndKillWhenCalledDoSo() {
        String id = running("redis-server");
        Instant first = containers.inspect(id).state().startedAt().orElseThrow();

        containers.restart(id, Duration.ofSeconds(5));
        containers.rename(id, name + "-b");
        assertThat(containers.inspect(name + "-b").state().startedAt())
                .hasValueSatisfying(at -> assertThat(at).isAfter(first));
        try (ExitWatch watch = containers.watchExit(id, ExitCondition.NEXT_EXIT)) {
            containers.kill(id, "SIGKILL");
            assertThat(watch.await(Duration.ofMinutes(4))).contains(new ContainerExit(137, ""));
        }

        assertThatThrownBy(() -> containers.kill(id, "SIGKILL")).isInstanceOf(ConflictException.class);
    }

    @Test
    void removeWhenItRunsNeedsForce() {
        String id = running("redis-server");

        assertThatThrownBy(() -> containers.remove(id, Force.NONE, AnonymousVolumes.REMOVE))
                .isInstanceOf(ConflictException.class);
        containers.remove(id, Force.KILL, AnonymousVolumes.REMOVE);

        assertThat(containers.find(id)).isEmpty();
    }

    @Test
    void watchExitWhenOpenedBeforeTheStartSeesTheEnd() {
        String id = containers.create(name, spec("sh", "-c", "exit 7")).id();

        try (ExitWatch watch = containers.watchExit(id, ExitCondition.NEXT_EXIT)) {
            containers.start(id);

            assertThat(watch.await()).isEqualTo(new ContainerExit(7, ""));
        }
    }

    @Test
    void watchExitWhenItGoesOnIsEmptyInTime() {
        String id = running("redis-server");

        try (ExitWatch watch = containers.watchExit(id, ExitCondition.NOT_RUNNING)) {
            assertThat(watch.await(Duration.ofMillis(100))).isEmpty();
        }
    }

    @Test
    void logsWhenBothStreamsAreWrittenAreToldApart() {
        String id = ended("sh", "-c", "echo one; echo two >&2; echo three; printf end");

        assertThat(log(id, LogQuery.all()))
                .filteredOn(line -> line.stream() == Stream.STDOUT)
                .extracting(LogLine::text)
                .containsExactly("one", "three", "end");
        assertThat(log(id, LogQuery.all()))
                .filteredOn(line -> line.stream() == Stream.STDERR)
                .extracting(LogLine::text)
                .containsExactly("two");
        assertThat(log(id, LogQuery.last(1))).hasSize(1);
        List<LogLine> all = log(id, LogQuery.all());
        Instant last = all.get(all.size() - 1).time();
        assertThat(last).isAfter(Instant.now().minusSeconds(600));
        assertThat(log(id, LogQuery.all().since(last.plusSeconds(1)))).isEmpty();
    }

    @Test
    void logsWhenLineIsLongerThanTheEnginesBufferAreOneLine() {
        String id = ended("sh", "-c", "head -c 40000 /dev/zero | tr '\\0' x; echo; echo after");

        assertThat(log(id, LogQuery.all())).extracting(LogLine::text).containsExactly("x".repeat(40_000), "after");
    }

    @Test
    void logsWhenContainerHasATerminalAreRead() {
        Map<String, Object> spec = spec("sh", "-c", "echo one; echo two >&2");
        spec.put("Tty", true);
        String id = started(spec);
        awaitExit(id);

        assertThat(log(id, LogQuery.all()))
                .extracting(LogLine::text, LogLine::stream)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("one", Stream.STDOUT),
                        org.assertj.core.groups.Tuple.tuple("two", Stream.STDOUT));
    }

    @Test
    void followLogsWhenContainerWritesAndEndsBringsBoth() throws Exception {
        Map<String, Object> spec = spec("sh", "-c", "echo ready; read line; echo got $line");
        spec.put("OpenStdin", false);
        String id = containers.create(name, spec).id();
        containers.start(id);
        Recorder<LogLine> recorder = new Recorder<>();

        containers.followLogs(id, LogQuery.all(), recorder);

        assertThat(recorder.next().text()).isEqualTo("ready");
        assertThat(recorder.next().text()).isEqualTo("got");
        assertThat(recorder.end().reason()).isEqualTo(StreamEnd.Reason.FINISHED);
    }

    @Test
    void followLogsWhenClosedEndsWhileTheContainerGoesOn() throws Exception {
        String id = running("sh", "-c", "echo ready; sleep 1000");
        Recorder<LogLine> recorder = new Recorder<>();
        Follow follow = containers.followLogs(id, LogQuery.all(), recorder);
        assertThat(recorder.next().text()).isEqualTo("ready");

        follow.close();

        assertThat(recorder.end().reason()).isEqualTo(StreamEnd.Reason.CLOSED);
        assertThat(containers.inspect(id).state().state()).isEqualTo(ContainerState.RUNNING);
    }

    @Test
    void eventsWhenContainerLivesAndDiesTellIt() throws Exception {
        Recorder<EngineEvent> recorder = new Recorder<>();
        try (Follow ignored =
                engine.events(EventFilter.labelled(OURS).types("container").actions("start", "die"), recorder)) {
            String id = started(spec("sh", "-c", "exit 3"));

            assertThat(recorder.next().action()).isEqualTo("start");
            EngineEvent die = recorder.next();
            assertThat(die.id()).isEqualTo(id);
            assertThat(die.attributes())
                    .containsEntry("exitCode", "3")
                    .containsEntry("name", name)
                    .containsEntry("dev.withstack.test.run", RUN);
        }
        assertThat(recorder.end().reason()).isEqualTo(StreamEnd.Reason.CLOSED);
    }

    @Test
    void eventsWhenHealthChangesTellIt() throws Exception {
        Recorder<EngineEvent> recorder = new Recorder<>();
        Map<String, Object> spec = spec("redis-server");
        spec.put(
                "Healthcheck",
                Map.of("Test", List.of("CMD-SHELL", "echo fine"), "Interval", 200_000_000, "Timeout", 5_000_000_000L));
        try (Follow ignored = engine.events(EventFilter.labelled(OURS).actions("health_status"), recorder)) {
            String id = started(spec);
            EngineEvent health = recorder.next();

            assertThat(health.action()).isEqualTo("health_status");
            assertThat(health.detail()).isEqualTo("healthy");
            ContainerDetails.State state = containers.inspect(id).state();
            assertThat(state.health()).isEqualTo(ContainerHealth.HEALTHY);
            assertThat(state.healthLog()).isNotEmpty().last().satisfies(run -> {
                assertThat(run.output()).isEqualTo("fine\n");
                assertThat(run.exitCode()).isZero();
            });
            assertThat(listed().health()).isEqualTo(ContainerHealth.HEALTHY);
        }
    }

    @Test
    void inspectWhenOutOfMemoryTellsSo() {
        Map<String, Object> spec = spec("sh", "-c", "x=a; while :; do x=$x$x; done");
        spec.put("HostConfig", Map.of("Memory", 16777216, "MemorySwap", 16777216));

        String id = started(spec);
        awaitExit(id);

        ContainerDetails.State state = containers.inspect(id).state();
        assertThat(state.oomKilled()).isTrue();
        assertThat(state.exitCode()).isNotZero();
    }

    @Test
    void startWhenProgramIsMissingGivesTheEnginesReason() {
        String id = containers.create(name, spec("/no/such/program")).id();

        assertThatThrownBy(() -> containers.start(id))
                .isInstanceOf(DockerException.class)
                .hasMessageContaining("/no/such/program");
        assertThat(containers.inspect(id).state().error()).contains("/no/such/program");
    }

    @Test
    void execWhenCommandEndsGivesItsStreamsAndCode() {
        String id = running("redis-server");

        ExecResult result = containers.exec(
                id,
                ExecCommand.of("sh", "-c", "id -u; pwd; echo $A; echo wrong >&2; exit 5")
                        .user("nobody")
                        .workingDirectory("/tmp")
                        .environment("A", "b c"));

        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.stdout()).isEqualTo("65534\n/tmp\nb c\n");
        assertThat(result.stderr()).isEqualTo("wrong\n");
        assertThat(result.truncated()).isFalse();
    }

    @Test
    void execWhenProgramIsMissingEndsWithItsCode() {
        String id = running("redis-server");

        assertThat(containers.exec(id, ExecCommand.of("/no/such/program")).exitCode())
                .isIn(126, 127);
    }

    @Test
    void execWhenOutputIsLargeIsReadToTheEnd() {
        String id = running("redis-server");

        ExecResult result = containers.exec(
                id, ExecCommand.of("head", "-c", "3000000", "/dev/zero").outputLimit(1000));

        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).hasSize(1000);
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void execWhenItDoesNotEndInTimeGivesWhatItWrote() {
        String id = running("redis-server");

        ExecTimeoutException e = catchThrowableOfType(
                ExecTimeoutException.class,
                () -> containers.exec(
                        id, ExecCommand.of("sh", "-c", "echo begun; sleep 1000").timeout(Duration.ofSeconds(10))));

        assertThat(e.stdout()).isEqualTo("begun\n");
    }

    @Test
    void execWhenContainerDoesNotRunIsAConflict() {
        containers.create(name, spec("true"));

        assertThatThrownBy(() -> containers.exec(name, ExecCommand.of("true"))).isInstanceOf(ConflictException.class);
    }

    @Test
    void filesWhenCopiedIntoAStoppedContainerAreThere() throws IOException {
        String id = containers
                .create(name, spec("sh", "-c", "cat /etc/app/deep/a.conf && /etc/app/run.sh && ls -ln /etc/app"))
                .id();

        containers.copyInto(
                id,
                "/etc",
                List.of(
                        ContainerFile.text("app/deep/a.conf", "x=ü\n"),
                        new ContainerFile("app/run.sh", "#!/bin/sh\necho ran\n".getBytes("UTF-8"), 0755, 70, 71)));
        containers.start(id);
        awaitExit(id);

        assertThat(log(id, LogQuery.all()))
                .extracting(LogLine::text)
                .contains("x=ü", "ran")
                .anySatisfy(line ->
                        assertThat(line).contains("-rwxr-xr-x").contains(" 70 ").contains(" 71 "));
        assertThat(containers.readFile(id, "/etc/app/deep/a.conf", 100)).isEqualTo("x=ü\n".getBytes("UTF-8"));
        assertThatThrownBy(() -> containers.readFile(id, "/etc/app/deep/a.conf", 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> containers.readFile(id, "/etc/app", 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'/etc/app' is not a file");
        assertThatThrownBy(() -> containers.readFile(id, "/no/such", 100)).isInstanceOf(NotFoundException.class);
        assertThat(containers.readFile(id, "/bin/sh", 10_000_000)).isNotEmpty();
    }

    @Test
    void archivesWhenReadAndWrittenCarryADirectory() throws IOException {
        String from = containers.create(name, spec("true")).id();
        String to = containers.create(name + "-b", spec("true")).id();
        containers.copyInto(from, "/tmp", List.of(ContainerFile.text("d/one", "1"), ContainerFile.text("d/two", "2")));
        byte[] archive;
        try (InputStream in = containers.readArchive(from, "/tmp/d")) {
            archive = in.readAllBytes();
        }

        containers.writeArchive(to, "/tmp", new ByteArrayInputStream(archive));

        assertThat(containers.readFile(to, "/tmp/d/two", 10)).isEqualTo(new byte[] {'2'});
    }

    @Test
    void networkWhenConnectedResolvesItsAliases() {
        String network = engine.networks().create(name, "bridge", LABELS);
        assertThat(engine.networks().find(name)).get().satisfies(it -> {
            assertThat(it.id()).isEqualTo(network);
            assertThat(it.driver()).isEqualTo("bridge");
            assertThat(it.labels()).containsAllEntriesOf(LABELS);
            assertThat(it.subnets()).isNotEmpty();
            assertThat(it.created()).isAfter(Instant.now().minusSeconds(600));
        });
        assertThatThrownBy(() -> engine.networks().create(name, "bridge", LABELS))
                .isInstanceOf(ConflictException.class);
        String id = containers
                .create(name, spec("redis-server", "--protected-mode", "no"))
                .id();
        engine.networks().connect(name, id, List.of("cache", "queue"));
        containers.start(id);

        assertThat(engine.networks().list(OURS)).extracting(NetworkDetails::id).containsExactly(network);
        assertThat(engine.networks().inspect(name).members()).singleElement().satisfies(member -> {
            assertThat(member.containerId()).isEqualTo(id);
            assertThat(member.ipAddress()).matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
        });
        NetworkAttachment attachment = containers.inspect(id).networks().stream()
                .filter(it -> it.network().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(attachment.aliases()).contains("cache", "queue");
        awaitPong(id, "queue");
        assertThatThrownBy(() -> engine.networks().remove(name))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.status()).isEqualTo(403));

        engine.networks().disconnect(name, id);
        engine.networks().remove(name);

        assertThat(engine.networks().find(name)).isEmpty();
    }

    @Test
    void volumeWhenMountedKeepsItsData() {
        VolumeDetails volume = engine.volumes().create(name, LABELS);
        assertThat(volume.labels()).isEqualTo(LABELS);
        Map<String, Object> spec = spec("sh", "-c", "echo kept > /kept/file");
        spec.put("HostConfig", Map.of("Mounts", List.of(Map.of("Type", "volume", "Source", name, "Target", "/kept"))));
        String id = started(spec);
        awaitExit(id);

        assertThat(containers.inspect(id).mounts())
                .filteredOn(mount -> mount.target().equals("/kept"))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.name()).isEqualTo(name);
                    assertThat(mount.access()).isEqualTo(ContainerDetails.Mount.Access.READ_WRITE);
                });
        assertThat(engine.volumes().list(OURS)).extracting(VolumeDetails::name).containsExactly(name);
        assertThatThrownBy(() -> engine.volumes().remove(name)).isInstanceOf(ConflictException.class);
        containers.remove(id, Force.NONE, AnonymousVolumes.REMOVE);
        assertThat(engine.volumes().inspect(name).driver()).isEqualTo("local");

        engine.volumes().remove(name);

        assertThat(engine.volumes().find(name)).isEmpty();
    }

    @Test
    void imageWhenTaggedIsFoundUnderBothNames() {
        String tag = "docker-client-test/" + name + ":1";
        ImageDetails image = engine.images().inspect(IMAGE);
        assertThat(image.os()).isEqualTo("linux");
        assertThat(image.exposedPorts()).contains("6379/tcp");
        assertThat(image.command()).contains("redis-server");

        engine.images().tag(IMAGE, tag);
        try {
            assertThat(engine.images().find(tag)).map(ImageDetails::id).contains(image.id());
            assertThat(engine.images().list(LabelFilter.none()))
                    .filteredOn(it -> it.id().equals(image.id()))
                    .singleElement()
                    .satisfies(it -> assertThat(it.tags()).contains(IMAGE, tag));
        } finally {
            engine.images().remove(tag);
        }

        assertThat(engine.images().find(tag)).isEmpty();
        assertThat(engine.images().find(IMAGE)).isPresent();
    }

    @Test
    void pullWhenRegistryHasTheImageBringsIt() throws IOException {
        try (FakeRegistry registry = new FakeRegistry()) {
            String image = registry.image("hello:1");
            List<PullProgress> steps = new ArrayList<>();
            try {
                engine.images().pull(image, Optional.empty(), Duration.ofMinutes(2), steps::add);

                assertThat(steps).extracting(PullProgress::status).contains("Pull complete");
                ImageDetails details = engine.images().inspect(image);
                assertThat(details.digests()).isNotEmpty();
                assertThat(engine.images().list(LabelFilter.label("dev.withstack.test", "docker-client")))
                        .extracting(ImageSummary::id)
                        .contains(details.id());
            } finally {
                engine.images().remove(image);
            }
        }
    }

    @Test
    void pullWhenRegistryRefusesTellsWhy() throws IOException {
        try (FakeRegistry registry = new FakeRegistry()) {
            assertThat(pullFailure(registry.image("hello:2"))).isEqualTo(RegistryFailure.NOT_FOUND);
            assertThat(pullFailure(registry.image("locked:1"))).isEqualTo(RegistryFailure.UNAUTHORIZED);
        }
    }

    @Test
    void pullWhenNoRegistryListensTellsWhy() {
        assertThat(pullFailure("127.0.0.1:1/hello:1")).isEqualTo(RegistryFailure.UNREACHABLE);
    }

    @Test
    void callsWhenManyAtOnceAllSucceed() throws Exception {
        String id = running("redis-server");
        List<CompletableFuture<ExecResult>> calls = new ArrayList<>();

        for (int number = 0; number < 12; number++) {
            String word = "n" + number;
            calls.add(CompletableFuture.supplyAsync(
                    () -> containers.exec(id, ExecCommand.of("echo", word)),
                    // The common pool may have one thread only
                    call -> new Thread(call, "call " + word).start()));
        }

        for (int number = 0; number < 12; number++) {
            assertThat(calls.get(number).get(200, TimeUnit.SECONDS).stdout()).isEqualTo("n" + number + "\n");
        }
    }

    private static RegistryFailure pullFailure(String image) {
        PullException e = catchThrowableOfType(PullException.class, () -> engine.images()
                .pull(image, Optional.empty(), Duration.ofMinutes(2), step -> {}));
        assertThat(e).as("failure of pulling " + image).isNotNull();
        return e.failure();
    }

    private ContainerSummary listed() {
        List<ContainerSummary> all = containers.list(Scope.ALL, OURS);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static Map<String, Object> spec(String... command) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("Image", IMAGE);
        spec.put("Cmd", List.of(command));
        spec.put("Entrypoint", List.of());
        spec.put("Labels", LABELS);
        return spec;
    }

    private String running(String... command) {
        return started(spec(command));
    }

    private String started(Map<String, Object> spec) {
        String id = containers.create(name, spec).id();
        containers.start(id);
        return id;
    }

    private String ended(String... command) {
        String id = running(command);
        awaitExit(id);
        return id;
    }

    private static void awaitExit(String id) {
        try (ExitWatch watch = containers.watchExit(id, ExitCondition.NOT_RUNNING)) {
            assertThat(watch.await(Duration.ofMinutes(4))).isPresent();
        }
    }

    /** Wait until the Redis of that host name, as the container knows it, answers. */
    private static void awaitPong(String id, String host) {
        Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> containers
                .exec(id, ExecCommand.of("redis-cli", "-h", host, "ping"))
                .stdout()
                .equals("PONG\n"));
    }

    private static void awaitLine(String id, String text) {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (Follow ignored = containers.followLogs(id, LogQuery.all(), StreamListener.each(line -> {
            if (line.text().equals(text)) {
                seen.complete(null);
            }
        }))) {
            seen.orTimeout(200, TimeUnit.SECONDS).join();
        }
    }

    private static List<LogLine> log(String id, LogQuery query) {
        List<LogLine> lines = new ArrayList<>();
        containers.logs(id, query, lines::add);
        return lines;
    }
}
