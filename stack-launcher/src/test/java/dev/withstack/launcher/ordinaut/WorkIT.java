package dev.withstack.launcher.ordinaut;

import static dev.withstack.launcher.ordinaut.Ordinaut.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.SharedStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No job is lost and none done twice, and no request either, while workers and APIs come, go and die. */
class WorkIT {
    private static final int JOBS = 60;

    @RegisterExtension
    static final SharedStack stack = Ordinaut.shared();

    private static Ordinaut ordinaut;

    @BeforeAll
    static void find() {
        ordinaut = Ordinaut.of(stack);
    }

    @AfterEach
    void goBack() throws Exception {
        stack.run("scale", "ordinaut", "worker=2", "api=1");
    }

    @Test
    @Row("ordinaut.exactly-once")
    @Row("ordinaut.at-least-once")
    void jobsWhenWorkersAreKilledAndScaledAreNeitherLostNorDoneTwice() throws Exception {
        List<String> ledger = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (int number = 0; number < JOBS; number++) {
            ledger.add(ordinaut.add("{\"title\": \"entry\", \"kind\": \"ledger\", \"payload\": {\"seconds\": 0.4}}"));
            events.add(ordinaut.add("{\"title\": \"event\", \"kind\": \"event\", \"payload\": {\"seconds\": 0.2}}"));
        }

        killInTheMiddle("worker-1");
        stack.run("scale", "ordinaut", "worker=4");
        killInTheMiddle("worker-2");
        killInTheMiddle("worker-3");
        stack.run("scale", "ordinaut", "worker=2");

        await().atMost(SOON).until(() -> ordinaut.count("SELECT count(*) FROM due_work") == 0);
        assertThat(ordinaut.sql("SELECT task_id FROM ledger WHERE task_id IN (" + quoted(ledger) + ")")
                        .lines())
                .as("each exactly once")
                .containsExactlyInAnyOrderElementsOf(ledger);
        assertThat(inStream()).as("each at least once").containsAll(events);
        assertThat(ordinaut.count("SELECT count(*) FROM run WHERE outcome <> 'done' AND task_id IN (" + quoted(ledger)
                        + ", " + quoted(events) + ")"))
                .isZero();
    }

    /** Kill the worker while it has a job in hand, and start it again as a person would. */
    private static void killInTheMiddle(String worker) {
        await().atMost(SOON)
                .until(() -> ordinaut.count("SELECT count(*) FROM due_work WHERE leased_until > now()") > 0
                        || ordinaut.count("SELECT count(*) FROM due_work") == 0);
        Docker.run("kill", "--signal", "KILL", ordinaut.container(worker));
        Docker.run("start", ordinaut.container(worker));
    }

    private static Set<String> inStream() {
        Set<String> tasks = new HashSet<>();
        ordinaut.redis("XRANGE", "events", "-", "+").lines().forEach(line -> tasks.add(line.strip()));
        return tasks;
    }

    private static String quoted(List<String> ids) {
        return "'" + String.join("', '", ids) + "'";
    }

    @Test
    @Row("ordinaut.scale")
    void scaleMakesItFourWorkersAndFewerAgain() throws Exception {
        stack.run("scale", "ordinaut", "worker=4");

        assertThat(workers()).containsExactly("worker-1", "worker-2", "worker-3", "worker-4");
        assertThat(stack.launcher().run("status", "ordinaut", "worker").out()).contains("worker-1", "worker-4");
        stack.run("start", "ordinaut");
        assertThat(workers()).as("another start keeps the number").hasSize(4);
        stack.run("scale", "ordinaut", "worker=1");
        assertThat(workers()).containsExactly("worker-1");
    }

    private static List<String> workers() {
        return Docker.running(ordinaut.prefix()).keySet().stream()
                .filter(name -> name.startsWith("worker"))
                .toList();
    }

    @Test
    @Row("ordinaut.stable-address")
    @Row("ordinaut.scale-api")
    void requestsWhenTheApiIsScaledAreAllAnsweredInTurn() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        List<String> lost = new ArrayList<>();
        CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> askUntil(isOver, lost));

        stack.run("scale", "ordinaut", "api=2");
        Set<String> servers = new HashSet<>();
        await().atMost(SOON).until(() -> {
            ordinaut.get("/tasks?limit=1").headers().firstValue("X-Served-By").ifPresent(servers::add);
            return servers.size() == 2;
        });
        stack.run("scale", "ordinaut", "api=1");
        isOver.set(true);
        asking.join();

        assertThat(lost).isEmpty();
    }

    @Test
    @Row("rollout.commands")
    @Row("ordinaut.update")
    void requestsWhenTheApiIsUpdatedDeployedAndRolledBackAreAllAnswered() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        List<String> lost = new ArrayList<>();
        String changed = "LOG_LEVEL=warning";
        assertThat(stack.run("update", "ordinaut", "api", "worker", "--set", changed, "--dry-run")
                        .out())
                .contains("lead api to green 1", "drain api-1", "set worker-1 aside", "config changed: env LOG_LEVEL");
        assertThat(logLevel("api-1")).isEqualTo("debug");
        CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> askUntil(isOver, lost));

        stack.run("update", "ordinaut", "api", "worker", "--set", changed);
        assertThat(logLevel("api-1")).isEqualTo("warning");
        assertThat(logLevel("worker-1")).isEqualTo("warning");
        stack.run("deploy", "ordinaut", "api", "worker");
        assertThat(logLevel("api-1")).isEqualTo("debug");
        stack.run("rollback", "ordinaut");
        assertThat(logLevel("api-1")).isEqualTo("warning");
        assertThat(logLevel("worker-1")).isEqualTo("warning");
        stack.run("update", "ordinaut", "api", "worker");
        assertThat(logLevel("api-1")).isEqualTo("debug");
        isOver.set(true);
        asking.join();

        assertThat(lost).isEmpty();
        assertThat(Docker.containers(ordinaut.prefix())).doesNotContainKeys("api-1.kept", "worker-1.kept");
    }

    private static String logLevel(String service) {
        return Docker.inspect(ordinaut.container(service)).environment().getOrDefault("LOG_LEVEL", "");
    }

    /** Ask without a pause, each time again once if it fails. */
    private static void askUntil(AtomicBoolean isOver, List<String> lost) {
        while (!isOver.get()) {
            String failure = ask();
            if (!failure.isEmpty()) {
                String again = ask();
                if (!again.isEmpty()) {
                    lost.add(failure + ", then " + again);
                }
            }
        }
    }

    private static String ask() {
        try {
            int status = ordinaut.get("/health").statusCode();
            return status == 200 ? "" : "status " + status;
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
