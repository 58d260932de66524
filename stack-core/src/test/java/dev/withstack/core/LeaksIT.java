package dev.withstack.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.coverage.Row;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Test stacks that come and go leave nothing: not on the engine, and not in this JVM. */
class LeaksIT {
    private static final int CYCLES = 20;

    @Test
    @Row("junit.leaks")
    void stacksWhenManyCameAndWentLeaveNothing() {
        Cycles.once();
        Cycles.Held before = Cycles.Held.now();

        for (int cycle = 0; cycle < CYCLES; cycle++) {
            Cycles.once();
        }

        try (DockerEngine docker =
                DockerEngine.open(EngineLocator.ofThisProcess().locate())) {
            LabelFilter ours = LabelFilter.label("dev.withstack.stack", Cycles.STACK);
            assertThat(docker.containers().list(Containers.Scope.ALL, ours)).isEmpty();
            assertThat(docker.networks().list(ours)).isEmpty();
            assertThat(docker.volumes().list(ours)).isEmpty();
        }
        // one for each cycle would be a leak; threads that end by themselves are given the time
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            Cycles.Held after = Cycles.Held.now();
            assertThat(after.threads()).isLessThan(before.threads() + CYCLES);
            assertThat(after.files()).isLessThan(before.files() + CYCLES);
        });
    }
}
