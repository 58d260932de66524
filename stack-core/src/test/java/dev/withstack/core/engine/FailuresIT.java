package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static dev.withstack.core.engine.Trial.shell;
import static dev.withstack.core.engine.Trial.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import dev.withstack.coverage.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Services that do not come up, on the real engine: what is said, and what stays. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class FailuresIT {

    @RegisterExtension
    final Trial trial = new Trial();

    /** Long enough for a small server to answer on a busy machine; the tests with it wait beside each other. */
    private final UpOptions impatient = UpOptions.DEFAULT.patience(Duration.ofSeconds(10));

    @Test
    @Row("trouble.exits-at-once")
    @Row("common.failure")
    void upWhenAServiceExitsAtOnceSaysSoAndLeavesNothing() {
        Service broken = shell("api", "echo the configuration is wrong; exit 3")
                .probe(Probe.tcp())
                .port("http", 80);

        Diagnosis diagnosis = trial.failedUp(trial.stack(broken, idle("web").needs(broken)), UpOptions.DEFAULT);

        // whether it was asked before it died is a matter of luck
        assertThat(diagnosis.text().replaceFirst(" +last probe answer: .*\n", ""))
                .isEqualTo(
                        """
                'api' failed while becoming ready: exited with code 3
                  last log lines:
                    | the configuration is wrong
                  held back: web
                  try next:
                    keep it for a look with --keep, then: logs api
                    more memory, another image or port: API_MEMORY, API_IMAGE, API_PORT in .env""");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("trouble.exits-soon")
    void upWhenAServiceExitsAfterAMomentSaysSoAtOnceThoughItHasNoProbe() {
        Diagnosis diagnosis = trial.failedUp(trial.stack(shell("job", "sleep 0.3; exit 7")), UpOptions.DEFAULT);

        assertThat(diagnosis.text()).startsWith("'job' failed while becoming ready: exited with code 7\n");
        assertThat(diagnosis.kind()).as("at once, not at a timeout").isEqualTo(Diagnosis.Kind.FAILED);
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenAServiceEndsWithSuccessSaysThatItWasMeantToGoOn() {
        Diagnosis diagnosis = trial.failedUp(trial.stack(shell("job", "exit 0")), UpOptions.DEFAULT);

        assertThat(diagnosis.cause()).isEqualTo("exited with code 0, though it was meant to go on");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("trouble.never-listens")
    void upWhenAServiceNeverListensShowsTheLastAnswer() {
        Service deaf = idle("api").port("http", 8080).probe(Probe.http("/health"));

        Diagnosis diagnosis = trial.failedUp(trial.stack(deaf), impatient);

        assertThat(diagnosis.text())
                .isEqualTo(
                        """
                'api' failed while becoming ready: not ready after 10 s.
                  last probe answer: connection refused
                  try next:
                    give it more time with --timeout, or keep it for a look with --keep
                    more memory, another image or port: API_MEMORY, API_IMAGE, API_PORT in .env""");
        assertThat(diagnosis.kind()).isEqualTo(Diagnosis.Kind.TIMED_OUT);
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("trouble.answers-500")
    void upWhenAServiceAnswers500ShowsItsWords() {
        Diagnosis diagnosis = trial.failedUp(trial.stack(web("api", 500).probe(Probe.http("/health"))), impatient);

        assertThat(diagnosis.cause()).isEqualTo("not ready after 10 s.");
        assertThat(diagnosis.lastAnswer()).isEqualTo("GET /health answered 500: word of api");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenTheAnswerNeverEndsTimesOutAllTheSame() {
        Service dripping = Service.image("api", TrialImages.PYTHON)
                .command(
                        "python3",
                        "-c",
                        """
                        import socket, time
                        server = socket.create_server(('', 8080))
                        while True:
                            client, _ = server.accept()
                            client.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n')
                            try:
                                while True:
                                    client.sendall(b'.')
                                    time.sleep(0.1)
                            except OSError:
                                pass
                        """)
                .port("http", 8080)
                .stopPolicy(Trial.AT_ONCE)
                .probe(Probe.http("/").containing("at last"));
        Diagnosis diagnosis = trial.failedUp(trial.stack(dripping), impatient);

        assertThat(diagnosis.cause()).isEqualTo("not ready after 10 s.");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("trouble.never-healthy")
    void upWhenACheckInsideNeverPassesShowsWhatItSaid() {
        Service sick = idle("worker").probe(Probe.command("sh", "-c", "echo queue unreachable >&2; exit 4"));

        Diagnosis diagnosis = trial.failedUp(trial.stack(sick), impatient);

        assertThat(diagnosis.lastAnswer())
                .isEqualTo("'sh -c echo queue unreachable >&2; exit 4' ended with exit code 4: queue unreachable");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("trouble.out-of-memory")
    void upWhenMemoryRunsOutSaysSoWithTheLimit() {
        Service hungry = Service.image("ml", TrialImages.PYTHON)
                .command("python3", "-c", "held = [bytearray(1 << 20) for _ in range(400)]")
                .limits(Limits.NONE.memory("32m"));

        Diagnosis diagnosis = trial.failedUp(trial.stack(hungry), UpOptions.DEFAULT);

        assertThat(diagnosis.cause()).startsWith("killed ").endsWith("for want of memory (limit 32 MiB)");
        assertThat(diagnosis.next()).contains("more memory, another image: ML_MEMORY, ML_IMAGE in .env");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenTheCommandIsNotInTheImageNamesIt() {
        Service mistyped = Service.image("api", TrialImages.SHELL).command("uvicornn", "main:app");

        Diagnosis diagnosis = trial.failedUp(trial.stack(mistyped), UpOptions.DEFAULT);

        assertThat(diagnosis.text())
                .isEqualTo(
                        """
                'api' failed while being started: the command 'uvicornn' was not found in the image.
                  try next:
                    check the command of 'api', or take another image: API_IMAGE""");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("trouble.taken-back")
    void upWhenOneFailsTakesBackTheHealthyOnesInReverseOrder() {
        Service first = web("first", 200).probe(Probe.http("/"));
        Service second = web("second", 200).probe(Probe.http("/")).needs(first);
        Service third = shell("third", "exit 9").needs(second);

        Diagnosis diagnosis = trial.failedUp(trial.stack(first, second, third), UpOptions.DEFAULT);

        assertThat(diagnosis.service()).isEqualTo("third");
        assertThat(trial.leftovers()).isEmpty();
        assertThat(trial.heard(StackEvent.RolledBack.class).get(0).services())
                .containsExactlyInAnyOrder("first", "second", "third");
    }

    @Test
    @Row("trouble.taken-back")
    void upWhenOneFailsLeavesAloneWhatRanBefore() {
        Service old = web("old", 200).probe(Probe.http("/"));
        trial.up(trial.stack(old));
        String before = trial.identity("old");

        trial.failedUp(trial.stack(old, shell("fresh", "exit 9").needs(old)), UpOptions.DEFAULT);

        assertThat(trial.identity("old")).isEqualTo(before);
        assertThat(trial.leftovers())
                .containsExactly("container " + trial.container("old"), "network " + trial.name() + "-dev");
    }

    @Test
    void upWhenOneFailsKeepsAllThatIsToBeKept() {
        Service first = web("first", 200).probe(Probe.http("/"));
        Service second = shell("second", "echo here I am; exit 9").needs(first);

        trial.failedUp(trial.stack(first, second), UpOptions.DEFAULT.onFailure(UpOptions.OnFailure.KEEP));

        assertThat(trial.isRunning("first")).isTrue();
        assertThat(trial.leftovers()).contains("container " + trial.container("second"));
        assertThat(trial.engine()
                        .attach(trial.stack(first, second))
                        .service("second")
                        .logTail(5))
                .contains("here I am");
    }

    @Test
    void upWhenAReadyServiceDiesWhileOthersAreWaitedForFailsAtOnce() {
        Service brief = Service.image("brief", TrialImages.PYTHON)
                .command(
                        "python3",
                        "-c",
                        """
                        import socket, time
                        server = socket.create_server(('', 8080))
                        asked, _ = server.accept()
                        time.sleep(3)
                        raise SystemExit(5)
                        """)
                .port("http", 8080)
                .probe(Probe.tcp());
        Service slow = idle("slow").port("http", 80).probe(Probe.tcp()).needs(brief);
        Diagnosis diagnosis = trial.failedUp(trial.stack(brief, slow), UpOptions.DEFAULT);

        assertThat(diagnosis.text()).startsWith("'brief' failed while running: exited with code 5\n");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenTheMainProcessIsKilledRightAfterReadyFailsAtOnce() {
        Service victim = web("victim", 200).probe(Probe.http("/"));
        Service slow = idle("slow").port("http", 80).probe(Probe.tcp()).needs(victim);

        StartFailedException failure =
                org.assertj.core.api.Assertions.catchThrowableOfType(StartFailedException.class, () -> trial.engine()
                        .up(trial.stack(victim, slow), Selection.all(), UpOptions.DEFAULT, event -> {
                            if (event instanceof StackEvent.Ready) {
                                trial.docker("kill", "--signal", "KILL", trial.container("victim"));
                            }
                        }));

        assertThat(failure.getMessage()).startsWith("'victim' failed while running: killed from outside (SIGKILL)\n");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenAContainerOfAnotherOwnerHasTheNameTouchesNothing() {
        trial.docker(
                "create",
                "--name",
                trial.container("db"),
                "--label",
                trial.label(),
                TrialImages.local(TrialImages.SHELL),
                "true");

        Diagnosis diagnosis = trial.failedUp(trial.stack(idle("db").volume("data", "/data")), UpOptions.DEFAULT);

        assertThat(diagnosis.text())
                .isEqualTo(
                        """
                'db' failed while being created: A container that is not part of this stack is called '%1$s' already.
                  try next:
                    rename or remove it: docker rm %1$s"""
                                .formatted(trial.container("db")));
        assertThat(trial.leftovers()).isEmpty();
        assertThat(trial.docker("inspect", "--format", "{{.State.Status}}", trial.container("db")))
                .containsExactly("created");
    }

    @Test
    @Row("common.secrets")
    void messageWhenAServicePrintsItsSecretMasksIt() {
        Service talkative = shell("api", "echo connecting as $API_PASSWORD; exit 1")
                .env("API_PASSWORD", Value.secret("tr0ub4dor-and-3"));

        assertThatThrownBy(() -> trial.up(trial.stack(talkative)))
                .hasMessageContaining("connecting as ***")
                .hasMessageNotContaining("tr0ub4dor-and-3");
        assertThat(trial.heard().toString()).doesNotContain("tr0ub4dor-and-3");
    }

    @Test
    void stopWhenCalledTwiceDoesNothingTheSecondTime() {
        trial.up(trial.stack(idle("one")));

        trial.engine().stop(trial.stack(idle("one")).id(), List.of(), trial::hear);
        trial.engine().stop(trial.stack(idle("one")).id(), List.of(), trial::hear);

        assertThat(trial.changes()).isEmpty();
        assertThat(trial.isRunning("one")).isFalse();
    }
}
