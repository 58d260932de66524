package dev.withstack.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.docker.LocatedEngine;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.StackInterruptedException;
import dev.withstack.core.engine.StartFailedException;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.coverage.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/** Stacks started by a program, on the real engine. */
class StacksIT {
    /** Ends names of what is no run of its own, so that nobody else's tests on the same engine meet it. */
    private static final String OURS = UUID.randomUUID().toString().substring(0, 8);

    private static final StackDefinition CACHE = StackDefinition.of("stacks-cache", Environment.TEST)
            .add(Redis.service("cache").hostPort(6379).data("cache_data"))
            .build();

    @Test
    @Row("embedded.several")
    void startWhenTwoRunAtOnceKeepsThemApartAndCloseLeavesNothing() {
        StackId first;
        StackId second;
        try (RunningStack one = Stacks.start(CACHE);
                RunningStack other = Stacks.start(CACHE)) {
            first = one.definition().id();
            second = other.definition().id();
            try (Jedis writer = jedis(one);
                    Jedis reader = jedis(other)) {
                writer.set("greeting", "hello");
                assertThat(reader.get("greeting")).isNull();
            }
            assertThat(one.service("cache").address().host()).isEqualTo(Endpoint.LOOPBACK);
            assertThat(one.service("cache").address())
                    .isNotEqualTo(other.service("cache").address());
        }
        assertThatNothingIsLeft(first);
        assertThatNothingIsLeft(second);
    }

    /** The obligation: a program that no longer wants what it is starting interrupts it, is told what happens, and keeps nothing. */
    @Test
    @Row("embedded.cancelled")
    void startWhenItsThreadIsInterruptedLeavesNothing() {
        StackDefinition waiting = StackDefinition.of("stacks-waiting-x" + OURS, Environment.TEST)
                .add(
                        Redis.service("cache"),
                        Service.image("never", "redis:7-alpine")
                                .command("sleep", "600")
                                .probe(Probe.command("false")))
                .build();
        Thread program = Thread.currentThread();
        List<StackEvent> told = new CopyOnWriteArrayList<>();

        assertThatThrownBy(() -> Stacks.start(waiting, Path.of(""), event -> {
                    told.add(event);
                    if (event instanceof StackEvent.NotReady notReady
                            && notReady.service().equals("never")) {
                        program.interrupt();
                    }
                }))
                .isInstanceOf(StackInterruptedException.class);

        assertThat(told).hasAtLeastOneElementOfType(StackEvent.Planned.class);
        assertThat(told).hasAtLeastOneElementOfType(StackEvent.StepStarted.class);
        assertThat(told).doesNotHaveAnyElementsOfTypes(StackEvent.Finished.class);
        assertThatNothingIsLeftOf(waiting.name());
    }

    @Test
    void startWhenServiceFailsLeavesNothing() {
        StackDefinition broken = StackDefinition.of("stacks-broken-x" + OURS, Environment.TEST)
                .add(Service.image("broken", "redis:7-alpine").command("sh", "-c", "exit 7"))
                .build();

        assertThatThrownBy(() -> Stacks.start(broken))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("7");

        assertThatNothingIsLeftOf(broken.name());
    }

    @Test
    void resolveWhenValueHasAnAddressReadsAsThisHostDoes() {
        Postgres orders = Postgres.service("orders").database("sold");
        StackDefinition definition = StackDefinition.of("stacks-lasting-x" + OURS, Environment.DEV)
                .add(orders.anyHostPort(""), Redis.service("cache"))
                .build();
        try (StackEngine engine = engine()) {
            RunningStack before =
                    engine.up(definition, new Selection.WithNeeds(List.of("cache")), UpOptions.DEFAULT, event -> {});
            try (RunningStack stack = Stacks.start(definition)) {
                HostAndPort address = stack.service("orders").address();
                assertThat(stack.resolve(orders.jdbcUrl())).isEqualTo("jdbc:postgresql://" + address + "/sold");
            }
            assertThat(engine.driver().observe(before.definition().id()).containers())
                    .as("what ran before the start goes on running, what the start began is gone")
                    .containsOnlyKeys("cache");
        } finally {
            try (StackEngine engine = engine()) {
                engine.destroy(definition.id(), event -> {});
            }
        }
        assertThatNothingIsLeft(definition.id());
    }

    /** The obligation: a test that is killed leaves nothing beyond the next test; one that lives is not touched. */
    @Test
    void sweepWhenProgramWasKilledRemovesItsStackAndNoOther(@TempDir Path directory) throws Exception {
        try (RunningStack living = Stacks.start(CACHE);
                StackEngine engine = engine()) {
            StackId killed = startAndKill(anotherNameOfTheEngine(directory));
            assertThat(engine.driver().observe(killed).containers()).hasSize(2);
            assertThat(engine.driver().leftBehind())
                    .contains(killed)
                    .doesNotContain(living.definition().id());

            List<String> notices = new CopyOnWriteArrayList<>();
            engine.sweep(event -> Optional.of(event)
                    .filter(StackEvent.Notice.class::isInstance)
                    .map(StackEvent.Notice.class::cast)
                    .ifPresent(notice -> notices.add(notice.text())));

            assertThat(notices).contains("Removing " + killed + ", whose process has ended without doing so.");
            assertThatNothingIsLeft(killed);
            Files.deleteIfExists(directory.resolve("docker.sock"));
            try (Jedis jedis = jedis(living)) {
                assertThat(jedis.ping()).isEqualTo("PONG");
            }
        }
    }

    /** Return an address that only who obeys DOCKER_HOST can know. */
    private static String anotherNameOfTheEngine(Path directory) throws IOException {
        EngineAddress address = located().address();
        return address instanceof EngineAddress.Unix unix
                ? "unix://" + Files.createSymbolicLink(directory.resolve("docker.sock"), unix.socket())
                : address.url();
    }

    private static LocatedEngine located() {
        return new EngineLocator(System.getenv(), Path.of(System.getProperty("user.home"))).locate();
    }

    /** The obligation: however a program ends, nothing is left of its stack, also when no other test stack is started. */
    @ParameterizedTest
    @ValueSource(strings = {"is-killed", "exits", "exhausts-its-memory"})
    @Row("junit.killed")
    void watchdogWhenAProgramEndsWithoutClosingRemovesItsStack(String how) throws Exception {
        Process program = start(how, Map.of());
        StackId run;
        try (BufferedReader output = program.inputReader()) {
            run = new StackId("lonely", Environment.TEST, said(output, "run "));
            if (how.equals("is-killed")) {
                program.destroyForcibly();
            }
            assertThat(program.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            program.destroyForcibly();
        }
        try (StackEngine engine = engine()) {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
                Observed left = engine.driver().observe(run);
                return left.containers().isEmpty()
                        && left.networks().isEmpty()
                        && left.volumes().isEmpty();
            });
        }
    }

    /** Without a watchdog, so that what is left is there to be swept. */
    private static StackId startAndKill(String dockerHost) throws IOException, InterruptedException {
        Process program =
                start("beside-testcontainers", Map.of("DOCKER_HOST", dockerHost, "WITHSTACK_WATCHDOG", "none"));
        try (BufferedReader output = program.inputReader()) {
            String run = said(output, "run ");
            assertThat(said(output, "engine "))
                    .as("the engine that Testcontainers uses")
                    .isEqualTo(dockerHost);
            return new StackId("lonely", Environment.TEST, run);
        } finally {
            program.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        }
    }

    private static Process start(String how, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dwithstack.images=" + System.getProperty("withstack.images", "auto"),
                "-cp",
                System.getProperty("java.class.path"),
                LonelyProgram.class.getName(),
                how);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return builder.start();
    }

    private static String said(BufferedReader output, String prefix) throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith(prefix)) {
            line = output.readLine();
        }
        assertThat(line).as("what the program says after '%s'", prefix).isNotNull();
        return line.substring(prefix.length());
    }

    private static Jedis jedis(RunningStack stack) {
        HostAndPort address = stack.service("cache").address();
        return new Jedis(address.host(), address.port());
    }

    private static StackEngine engine() {
        return Stacks.engine(System.getenv(), Path.of(""));
    }

    private static void assertThatNothingIsLeft(StackId id) {
        try (StackEngine engine = engine()) {
            Observed left = engine.driver().observe(id);
            assertThat(left.containers()).isEmpty();
            assertThat(left.networks()).isEmpty();
            assertThat(left.volumes()).isEmpty();
        }
    }

    private static void assertThatNothingIsLeftOf(String stack) {
        try (DockerEngine docker = DockerEngine.open(located())) {
            LabelFilter theirs = LabelFilter.label("dev.withstack.stack", stack);
            assertThat(docker.containers().list(Containers.Scope.ALL, theirs)).isEmpty();
            assertThat(docker.networks().list(theirs)).isEmpty();
        }
        assertThat(Stacks.stateDirectory(System.getenv())
                        .toFile()
                        .list((directory, name) -> name.startsWith(stack) && name.endsWith(".lock")))
                .isNullOrEmpty();
    }
}
