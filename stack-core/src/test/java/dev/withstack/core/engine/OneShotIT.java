package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static dev.withstack.core.engine.Trial.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What runs once is over before anything that waits for it begins. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class OneShotIT {

    @RegisterExtension
    final Trial trial = new Trial();

    private final Service store = idle("store").volume("data", "/data");
    private final Service seed = shell("seed", "date +%s%N >> /data/seeded; sleep 1")
            .volume("data", "/data")
            .needs(new Dependency("store", Dependency.Condition.STARTED))
            .runsOnce();
    private final Service api = shell("api", "cat /data/seeded && exec sleep 1000")
            .volume("data", "/data")
            .needs(Dependency.completed("seed"));

    @Test
    void upWhenOthersWaitForItStartsThemWhenItHasEnded() {
        RunningStack stack = trial.up(trial.stack(store, seed, api));

        assertThat(stack.service("api").logTail(5)).as("seeded once, before").hasSize(1);
        assertThat(state("seed")).isEqualTo(Observed.State.COMPLETED);

        trial.up(trial.stack(store, seed, api));
        assertThat(trial.changes()).isEmpty();

        trial.engine().stop(stack.definition().id(), List.of(), trial::hear);
        trial.up(trial.stack(store, seed, api));
        assertThat(trial.changes()).containsExactlyInAnyOrder("start store: exited 137", "start api: exited 137");
    }

    @Test
    void upWhenWhatItNeedsIsCreatedAnewRunsItAgainBeforeTheOthers() {
        trial.up(trial.stack(store, seed, api));

        RunningStack stack = trial.up(trial.stack(store.env("A", "1"), seed, api.env("A", "1")));

        assertThat(trial.changes()).contains("start seed: store is new");
        assertThat(stack.service("api").logTail(5)).hasSize(2);
    }

    @Test
    void upWhenItFailsSaysWhyAndStartsNothingThatWaitsForIt() {
        Service broken = shell("seed", "echo no such bucket; exit 3").runsOnce();
        StackDefinition definition =
                trial.stack(idle("store"), broken, idle("api").needs(Dependency.completed("seed")));

        Diagnosis diagnosis = trial.failedUp(definition, UpOptions.DEFAULT);

        assertThat(diagnosis.service()).isEqualTo("seed");
        assertThat(diagnosis.cause()).isEqualTo("exited with code 3");
        assertThat(diagnosis.logTail()).containsExactly("no such bucket");
        assertThat(diagnosis.heldBack()).contains("api");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenItFailedAndWasMendedGoesOn() {
        Service broken = shell("seed", "exit 3").runsOnce();
        Service waiting = idle("api").needs(Dependency.completed("seed"));
        trial.failedUp(trial.stack(broken, waiting), UpOptions.DEFAULT.onFailure(UpOptions.OnFailure.KEEP));
        assertThat(state("seed")).isEqualTo(Observed.State.EXITED);

        trial.up(trial.stack(shell("seed", "exit 0").runsOnce(), waiting));

        assertThat(state("seed")).isEqualTo(Observed.State.COMPLETED);
        assertThat(trial.isRunning("api")).isTrue();
    }

    private Observed.State state(String service) {
        return trial.engine()
                .driver()
                .observe(trial.stack(idle("any")).id())
                .container(service)
                .orElseThrow()
                .state();
    }
}
