package dev.withstack.core.driver.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Preparation;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the host, as two launchers see them: {@code first} keeps them, {@code second} is another terminal. */
class ProcessDriverIT {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir
    Path project;

    @TempDir
    Path state;

    private final String run =
            "it" + Integer.toString(ThreadLocalRandom.current().nextInt(1_000_000), 36);
    private final List<ContainerEvent> events = new CopyOnWriteArrayList<>();
    private ProcessDriver first;
    private ProcessDriver second;

    @BeforeEach
    void open() {
        first = driver();
        second = driver();
    }

    @AfterEach
    void close() {
        second.close();
        first.close();
    }

    private ProcessDriver driver() {
        return new ProcessDriver(new FakeDriver(Clock.systemUTC()), project, state, System.getenv(), Clock.systemUTC());
    }

    private StackDefinition stack(Service service) {
        return StackDefinition.of("trial", Environment.DEV).add(service).build().forRun(run);
    }

    private static Service shell(String script) {
        return Service.process("worker", "", "sh", "-c", script).stopPolicy(new StopPolicy("", Duration.ofSeconds(2)));
    }

    private void start(ProcessDriver driver, StackDefinition definition) throws Exception {
        Observed observed = driver.observe(definition.id());
        driver.perform(new Step.CreateContainer("worker"), definition, observed, text -> {});
        driver.perform(new Step.StartContainer("worker"), definition, observed, text -> {});
    }

    private void stop(ProcessDriver driver, StackDefinition definition) throws Exception {
        Observed observed = driver.observe(definition.id());
        String id = observed.container("worker").orElseThrow().id();
        driver.perform(new Step.StopContainer("worker", id), definition, observed, text -> {});
    }

    private Observed.Container seenBy(ProcessDriver driver, StackDefinition definition) {
        return driver.observe(definition.id()).container("worker").orElseThrow();
    }

    private static List<String> log(ProcessDriver driver, StackDefinition definition) {
        List<String> lines = new ArrayList<>();
        driver.logs(definition.id(), "worker", Driver.LogRequest.last(100), line -> lines.add(line.text()))
                .close();
        return lines;
    }

    @Test
    void startWhenAnotherLooksIsRunningThereTooWithItsLog() throws Exception {
        StackDefinition definition = stack(shell("echo hello; exec sleep 600"));
        start(first, definition);

        assertThat(seenBy(second, definition).state()).isEqualTo(Observed.State.RUNNING);
        assertThat(second.keeper(definition.id()))
                .isEqualTo(first.keeper(definition.id()))
                .isPresent();
        await().atMost(LONGEST)
                .untilAsserted(() -> assertThat(log(second, definition)).containsExactly("hello"));
    }

    @Test
    void stopWhenAskedForElsewhereEndsTheProcessWithAllItHasStarted() throws Exception {
        StackDefinition definition =
                stack(shell("sh -c 'trap \"\" TERM; echo ready; while :; do sleep 1; done' & wait"));
        start(first, definition);
        await().atMost(LONGEST).until(() -> log(first, definition).contains("ready"));
        Family family = family(definition);

        stop(second, definition);

        assertThat(family.isGone()).isTrue();
        assertThat(seenBy(first, definition).state()).isEqualTo(Observed.State.EXITED);
        assertThat(seenBy(first, definition).status()).isEqualTo("stopped");
    }

    @Test
    void startWhenAnotherKeepsTheStackIsDoneByThatOne() throws Exception {
        StackDefinition definition = stack(shell("echo started; exec sleep 600"));
        start(first, definition);
        stop(second, definition);

        second.perform(new Step.StartContainer("worker"), definition, second.observe(definition.id()), text -> {});

        assertThat(seenBy(second, definition).state()).isEqualTo(Observed.State.RUNNING);
        Family family = family(definition);
        first.close();
        assertThat(family.isGone()).isTrue();
    }

    @Test
    void watchWhenTheProcessDiesTellsBothWithExitCodeAndLastLines() throws Exception {
        StackDefinition definition =
                stack(shell("echo working; while [ ! -e end ]; do sleep 0.1; done; echo broken >&2; exit 3"));
        List<ContainerEvent> elsewhere = new CopyOnWriteArrayList<>();
        try (Driver.Watch here = first.watch(definition.id(), events::add)) {
            start(first, definition);
            try (Driver.Watch there = second.watch(definition.id(), elsewhere::add)) {
                Files.createFile(project.resolve("end"));

                await().atMost(LONGEST).untilAsserted(() -> {
                    assertThat(events)
                            .anyMatch(event -> event instanceof ContainerEvent.Died died && died.exitCode() == 3);
                    assertThat(elsewhere)
                            .anyMatch(event -> event instanceof ContainerEvent.Died died && died.exitCode() == 3);
                });
            }
        }
        PostMortem postMortem = second.examine(definition.id(), "worker").orElseThrow();
        assertThat(postMortem.exitCode()).isEqualTo(3);
        assertThat(postMortem.logTail()).containsExactly("working", "broken");
    }

    @Test
    void diesWhenItIsToBeRestartedComesBackUntilItIsStopped() throws Exception {
        StackDefinition definition = stack(shell("echo again; exec sleep 600").restart(RestartPolicy.UNLESS_STOPPED));
        start(first, definition);
        await().atMost(LONGEST).until(() -> log(first, definition).size() == 1);

        family(definition).head().orElseThrow().process().orElseThrow().destroyForcibly();

        await().atMost(LONGEST).untilAsserted(() -> {
            assertThat(log(first, definition)).containsExactly("again", "again");
            assertThat(seenBy(second, definition).state()).isEqualTo(Observed.State.RUNNING);
        });
        stop(second, definition);
        assertThat(seenBy(second, definition).state()).isEqualTo(Observed.State.EXITED);
    }

    @Test
    void observeWhenAPreparationIsLackingSaysWhatAndPerformBringsItAbout() throws Exception {
        Preparation preparation = new Preparation(
                "the mark",
                List.of("sh", "-c", "[ -e mark ] || { echo 'no mark'; exit 1; }"),
                List.of("touch", "mark"));
        StackDefinition definition =
                stack(shell("exec sleep 600").process(process -> process.preparation(preparation)));

        Observed before = first.observe(definition, List.of("worker"));
        assertThat(before.lacking())
                .containsExactly(Map.entry("worker", List.of(new Observed.Lack("the mark", "no mark"))));
        first.perform(new Step.Prepare("worker", "the mark"), definition, before, text -> {});

        assertThat(first.observe(definition, List.of("worker")).lacking()).containsEntry("worker", List.of());
    }

    @Test
    void performWhenARemedyFailsShowsWhatItSaid() {
        Preparation preparation =
                new Preparation("the moon", List.of("false"), List.of("sh", "-c", "echo out of reach; exit 4"));
        StackDefinition definition =
                stack(shell("exec sleep 600").process(process -> process.preparation(preparation)));
        Observed observed = first.observe(definition.id());

        assertThatThrownBy(
                        () -> first.perform(new Step.Prepare("worker", "the moon"), definition, observed, text -> {}))
                .isInstanceOf(DriverException.class)
                .hasMessageContaining("ended with exit code 4")
                .hasMessageContaining("| out of reach");
    }

    @Test
    void startWhenThereIsNoSuchProgramSaysWhereItWasLookedFor() throws IOException {
        StackDefinition definition = stack(Service.process("worker", "", "no-such-program"));

        assertThatThrownBy(() -> start(first, definition))
                .isInstanceOf(DriverException.class)
                .hasMessage("The program 'no-such-program' was not found in the PATH (no-such-program).");
    }

    @Test
    void watchdogWhenItsLauncherIsGoneEndsWhatItWatchesOver() throws Exception {
        Process launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledLauncher.class.getName(),
                        state.toString(),
                        project.toString(),
                        run)
                .redirectErrorStream(true)
                .start();
        StackDefinition definition = KilledLauncher.stack(run);
        await().atMost(LONGEST).until(() -> Files.exists(project.resolve("grandchild")));
        Family family = family(definition);
        assertThat(family.isGone()).isFalse();

        launcher.destroyForcibly();

        await().atMost(LONGEST).until(family::isGone);
        assertThat(seenBy(second, definition).state()).isEqualTo(Observed.State.EXITED);
        assertThat(second.keeper(definition.id())).isEmpty();
    }

    private Family family(StackDefinition definition) {
        return new ProcessStore(state, definition.id())
                .read("worker")
                .orElseThrow()
                .family();
    }
}
