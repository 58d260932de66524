package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.freePort;
import static dev.withstack.core.engine.Trial.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.PlanRefusedException;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Host ports that somebody else holds, on the real engine. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class PortsIT {

    @RegisterExtension
    final Trial trial = new Trial();

    private final UpOptions autoPorts = UpOptions.DEFAULT.ports(UpOptions.Ports.NEXT_FREE);

    private static Service api(int hostPort) {
        return web("api", 200).hostPort(hostPort).probe(Probe.http("/"));
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 5, InetAddress.getByName("127.0.0.1"));
    }

    private int portOfApi(RunningStack running) {
        return running.service("api").address().port();
    }

    @Test
    @Row("trouble.port-of-process")
    void upWhenAProcessHasThePortNamesItBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = listen(freePort())) {
            int port = taken.getLocalPort();
            long pid = ProcessHandle.current().pid();

            assertThatThrownBy(() -> trial.up(trial.stack(Trial.idle("first"), api(port))))
                    .isInstanceOf(PlanRefusedException.class)
                    .hasMessageStartingWith("Nothing was started")
                    .hasMessageContaining("api: port " + port + " is taken by process " + pid + " (")
                    .hasMessageContaining("java")
                    .hasMessageContaining("Stop that, set API_PORT to another port, or start with --auto-ports.");
            assertThat(trial.leftovers()).isEmpty();
        }
    }

    @Test
    @Row("trouble.port-of-container")
    void upWhenAContainerHasThePortNamesItAndLeavesItAlone() {
        int port = freePort();
        String other = trial.name() + "-other";
        trial.docker(
                "run",
                "-d",
                "--name",
                other,
                "--label",
                trial.label(),
                "-p",
                "127.0.0.1:" + port + ":80",
                TrialImages.local(TrialImages.SHELL),
                "sleep",
                "1000");

        assertThatThrownBy(() -> trial.up(trial.stack(api(port))))
                .hasMessageContaining("api: port " + port + " is taken by container '" + other + "'.");
        assertThat(trial.leftovers()).isEmpty();
        assertThat(trial.docker("inspect", "--format", "{{.State.Running}}", other))
                .containsExactly("true");
    }

    @Test
    void upWhenSeveralPortsAreTakenNamesAllAtOnce() throws IOException {
        try (ServerSocket one = listen(freePort());
                ServerSocket two = listen(freePort())) {
            StackDefinition stack = trial.stack(
                    api(one.getLocalPort()),
                    web("ui", 200).hostPort(two.getLocalPort()).probe(Probe.http("/")));

            assertThatThrownBy(() -> trial.up(stack))
                    .hasMessageContaining("api: port " + one.getLocalPort())
                    .hasMessageContaining("ui: port " + two.getLocalPort());
        }
    }

    @Test
    void upWhenAnyAddressIsTakenCountsThatAsTaken() throws IOException {
        try (ServerSocket everywhere = new ServerSocket(0)) {
            assertThatThrownBy(() -> trial.up(trial.stack(api(everywhere.getLocalPort()))))
                    .hasMessageContaining("port " + everywhere.getLocalPort() + " is taken by process ");
        }
    }

    @Test
    @Row("common.auto-ports")
    void upWithAutoPortsTakesTheNextFreeOneAndRemembersItUntilDown() throws IOException {
        int port;
        int chosen;
        StackDefinition stack;
        try (ServerSocket taken = listen(freePort())) {
            port = taken.getLocalPort();
            stack = trial.stack(api(port));

            chosen = portOfApi(trial.up(stack, autoPorts));

            assertThat(chosen).isGreaterThan(port);
        }
        String before = trial.identity("api");

        // the port asked for is free again, but addresses stay what they were
        assertThat(portOfApi(trial.up(stack))).isEqualTo(chosen);
        assertThat(trial.changes()).isEmpty();
        assertThat(trial.identity("api")).isEqualTo(before);

        trial.engine().stop(stack.id(), List.of(), trial::hear);
        assertThat(portOfApi(trial.up(stack))).isEqualTo(chosen);

        trial.engine().down(stack.id(), List.of(), trial::hear);
        assertThat(portOfApi(trial.up(stack))).isEqualTo(port);
    }

    @Test
    void upWithAutoPortsWhenTheRememberedOneIsTakenMeanwhileChoosesAnew() throws IOException {
        try (ServerSocket taken = listen(freePort())) {
            StackDefinition stack = trial.stack(api(taken.getLocalPort()));
            int first = portOfApi(trial.up(stack, autoPorts));
            trial.engine().stop(stack.id(), List.of(), trial::hear);
            try (ServerSocket intruder = listen(first)) {
                int second = portOfApi(trial.up(stack, autoPorts));

                assertThat(second).isNotIn(first, taken.getLocalPort(), intruder.getLocalPort());
            }
        }
    }

    @Test
    void planWithAutoPortsSaysWhatUpWouldDoAndRemembersNothing() throws IOException {
        try (ServerSocket taken = listen(freePort())) {
            StackDefinition stack = trial.stack(api(taken.getLocalPort()));

            assertThat(trial.engine().plan(stack, Selection.all(), autoPorts).changes())
                    .isNotEmpty();
            assertThatThrownBy(() -> trial.engine().plan(stack, Selection.all(), UpOptions.DEFAULT))
                    .hasMessageContaining("is taken by process");
        }
    }

    @Test
    void upWithAutoPortsWhenTheStartFailsForgetsItsChoice() throws IOException {
        int port;
        try (ServerSocket taken = listen(freePort())) {
            port = taken.getLocalPort();
            Service broken = Trial.shell("job", "exit 1");
            trial.failedUp(trial.stack(api(port), broken), autoPorts);
        }

        assertThat(portOfApi(trial.up(trial.stack(api(port))))).isEqualTo(port);
    }

    @Test
    void upWhenOurOwnContainerIsPausedGoesOnWithIt() {
        StackDefinition stack = trial.stack(api(freePort()));
        trial.up(stack);
        String before = trial.identity("api");
        trial.docker("pause", trial.container("api"));

        trial.up(stack);

        assertThat(trial.changes()).containsExactly("start api: paused");
        assertThat(trial.identity("api")).isEqualTo(before);
    }

    @Test
    void upWhenTwoServicesOfTheStackSwapTheirPortsRecreatesBoth() {
        int one = freePort();
        int two = freePort();
        trial.up(trial.stack(api(one), web("ui", 200).hostPort(two).probe(Probe.http("/"))));

        RunningStack swapped =
                trial.up(trial.stack(api(two), web("ui", 200).hostPort(one).probe(Probe.http("/"))));

        assertThat(portOfApi(swapped)).isEqualTo(two);
        assertThat(swapped.service("ui").address().port()).isEqualTo(one);
    }

    @Test
    void upWhenAServiceTakesOverThePortOfOneThatIsGoneNamesTheWayOut() {
        int port = freePort();
        trial.up(trial.stack(web("old", 200).hostPort(port).probe(Probe.http("/"))));

        assertThatThrownBy(() -> trial.up(trial.stack(api(port))))
                .hasMessageContaining("api: port " + port + " is taken by container '" + trial.container("old")
                        + "' of '" + trial.name() + "'.");
        assertThat(trial.isRunning("old")).isTrue();
    }
}
