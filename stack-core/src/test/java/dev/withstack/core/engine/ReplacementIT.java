package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start replaces is kept until what comes instead has proven itself. */
@Execution(ExecutionMode.CONCURRENT)
class ReplacementIT {
    private static final String BEFORE = "pair-with-volume";
    private static final String AFTER = "pair-with-volume-changed";

    @RegisterExtension
    final Trial trial = new Trial();

    @Test
    @Row("trouble.replaced")
    void upWhenWhatReplacesDiesLetsWhatWasReplacedRunAgain() {
        int port = Trial.freePort();
        Service db = Trial.web("db", 200).hostPort(port).probe(Probe.http("/")).volume("data", "/data");
        Service api = Trial.web("api", 200).probe(Probe.http("/")).needs(db);
        trial.up(trial.stack(db, api));
        String before = trial.containerId("db");
        String apiBefore = trial.identity("api");
        List<String> all = trial.leftovers();

        Service dying =
                Trial.shell("db", "exit 3").port("http", 8080).hostPort(port).probe(Probe.http("/"));
        Diagnosis diagnosis = trial.failedUp(trial.stack(dying.volume("data", "/data"), api), UpOptions.DEFAULT);

        assertThat(diagnosis.service()).isEqualTo("db");
        assertThat(trial.containerId("db")).isEqualTo(before);
        assertThat(trial.isRunning("db")).isTrue();
        assertThat(trial.identity("api")).isEqualTo(apiBefore);
        assertThat(trial.leftovers()).containsExactlyInAnyOrderElementsOf(all);
        assertThat(trial.heard(StackEvent.RolledBack.class))
                .singleElement()
                .satisfies(event -> assertThat(event.broughtBack()).containsExactly("db"));
        trial.up(trial.stack(db, api));
        assertThat(trial.changes()).isEmpty();
    }

    @Test
    @Row("trouble.replaced")
    void upWhenAnotherFailsLaterBringsBackWhatHadBeenReplacedWell() {
        StackDefinition first = trial.stack(web("db"), web("api").needs(web("db")));
        trial.up(first);
        String db = trial.containerId("db");
        String api = trial.containerId("api");

        Service changed = web("db").env("NEW", "1");
        Service failing = Trial.web("api", 500).probe(Probe.http("/")).patience(Duration.ofSeconds(3));
        Diagnosis diagnosis = trial.failedUp(trial.stack(changed, failing.needs(changed)), UpOptions.DEFAULT);

        assertThat(diagnosis.service()).isEqualTo("api");
        assertThat(trial.containerId("db")).isEqualTo(db);
        assertThat(trial.containerId("api")).isEqualTo(api);
        trial.up(first);
        assertThat(trial.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StepDone stop db",
                "StepDone set db aside",
                "StepDone create db",
                "StepDone start db",
                "Ready db",
                "StepStarted remove replaced db"
            })
    @Row("trouble.killed-launcher")
    void upWhenAProcessWasKilledWhileReplacingConverges(String moment) throws Exception {
        killedWhileReplacing(moment);
        StackDefinition changed = OtherProcess.definition(AFTER, trial.name());

        trial.up(changed);

        assertThat(trial.isRunning("db")).isTrue();
        assertThat(trial.leftovers())
                .containsExactlyInAnyOrder(
                        "container " + trial.container("db"),
                        "container " + trial.container("api"),
                        "network " + trial.name() + "-dev",
                        "volume " + trial.name() + "_data");
        trial.up(changed);
        assertThat(trial.changes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"StepDone set db aside", "StepDone start db"})
    void downWhenAProcessWasKilledWhileReplacingRemovesAll(String moment) throws Exception {
        killedWhileReplacing(moment);
        StackDefinition changed = OtherProcess.definition(AFTER, trial.name());

        trial.engine().down(changed.id(), List.of(), trial::hear);
        assertThat(trial.leftovers()).containsExactly("volume " + trial.name() + "_data");

        trial.engine().destroy(changed.id(), trial::hear);
        assertThat(trial.leftovers()).isEmpty();
    }

    private void killedWhileReplacing(String moment) throws Exception {
        trial.up(OtherProcess.definition(BEFORE, trial.name()));
        try (OtherProcess other = OtherProcess.begin(trial, AFTER)) {
            other.awaitLine(moment);
            other.kill();
        }
    }

    private static Service web(String name) {
        return Trial.web(name, 200).probe(Probe.http("/"));
    }
}
