package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that go on until they are interrupted: what they show of what happens meanwhile. */
class FollowTests {
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
        desk.profiles.add(new Market());
        desk.environment.put("STACK", "market");
        desk.run("start");
    }

    @Test
    void logsWhenAReplicaIsAddedFollowThatToo() {
        desk.engine.log.add(new Driver.LogLine("porter-3", Desk.NOW.plusSeconds(1), "a third pair of hands"));
        desk.engine.log.add(new Driver.LogLine("scales", Desk.NOW.plusSeconds(1), "nobody asked"));
        Thread command = begin("logs", "porter", "--follow");

        tell(new ContainerEvent.Started("porter-3", "porter-3#1"));
        tell(new ContainerEvent.Started("scales", "scales#1"));

        await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains("a third pair of hands"));
        end(command);
        assertThat(printed()).doesNotContain("nobody asked");
    }

    @Test
    void eventsWhenSomethingHappensShowIt() {
        Thread command = begin("events", "scales");

        tell(new ContainerEvent.Started("porter-1", "porter-1#1"));
        tell(new ContainerEvent.Paused("scales", "scales#1"));

        await().atMost(SOON).untilAsserted(() -> assertThat(printed()).contains("scales", "paused"));
        end(command);
        assertThat(printed()).doesNotContain("porter");
    }

    /** Begin it, and wait until it listens. */
    private Thread begin(String... arguments) {
        Thread command = new Thread(() -> ended.complete(desk.runTo(out, OutputStream.nullOutputStream(), arguments)));
        command.start();
        await().atMost(SOON).until(() -> !listeners().isEmpty());
        return command;
    }

    private void end(Thread command) {
        command.interrupt();
        await().atMost(SOON).until(ended::isDone);
        assertThat(ended.join()).isEqualTo(130);
        assertThat(listeners()).isEmpty();
    }

    private void tell(ContainerEvent event) {
        listeners().forEach(listener -> listener.accept(event));
    }

    private List<Consumer<ContainerEvent>> listeners() {
        synchronized (desk.engine) {
            return List.copyOf(desk.engine.listeners);
        }
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
