package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is done when there are to be more or fewer replicas. */
class ReplicasPlanTests {
    private static final Service DB =
            Service.image("db", "db:1").port("sql", 5432).probe(Probe.tcp());
    private static final StackDefinition THREE = StackDefinition.of("shop", Environment.DEV)
            .add(DB)
            .add(Service.built("worker", "worker")
                    .needs(DB)
                    .probe(Probe.command("is-well"))
                    .replicas(3))
            .add(Service.built("api", "api")
                    .port("http", 80)
                    .hostPort(8080)
                    .probe(Probe.http("/health"))
                    .replicas(2))
            .build();

    @Test
    void upWhenThereAreToBeMoreStartsTheDifference() {
        assertThat(Snapshot.running(THREE)
                        .up(THREE.scaled(Map.of("worker", 4)), List.of("worker-1", "worker-2", "worker-3", "worker-4"))
                        .text())
                .isEqualTo(
                        """
                          1  await db         running, unchanged
                          2  await worker-1   running, unchanged
                          3  await worker-2   running, unchanged
                          4  await worker-3   running, unchanged
                          5  create worker-4  not found
                          6  start worker-4   not found  after 1, 5
                          7  await worker-4   started  after 6
                        """);
    }

    @Test
    void upWhenThereAreToBeFewerEndsTheDifferenceWhenTheOthersAreReady() {
        assertThat(Snapshot.running(THREE)
                        .up(THREE.scaled(Map.of("worker", 1)), List.of("worker-1"))
                        .text())
                .isEqualTo(
                        """
                          1  await db         running, unchanged
                          2  await worker-1   running, unchanged
                          3  stop worker-2    worker has 1 now  after 1, 2
                          4  remove worker-2  worker has 1 now  after 3
                          5  stop worker-3    worker has 1 now  after 1, 2
                          6  remove worker-3  worker has 1 now  after 5
                        """);
    }

    @Test
    void upWhenOtherServicesAreMeantLeavesReplicasThatAreTooManyAlone() {
        Plan plan = Snapshot.running(THREE).up(THREE.scaled(Map.of("worker", 1)), List.of("db"));

        assertThat(plan.changes()).isEmpty();
        assertThat(plan.notes()).isEmpty();
    }

    @Test
    void upWhenReplicasAreBuiltBuildsTheirImageOnce() {
        Snapshot nothing = Snapshot.nothing(THREE);
        THREE.services().keySet().forEach(nothing::missingImage);

        assertThat(nothing.up(List.of("worker-1", "worker-2", "worker-3")).text())
                .isEqualTo(
                        """
                          1  pull image db:1              not present
                          2  build worker-1 from worker/  not built from this source
                          3  create network shop-dev      not found
                          4  create db                    not found  after 1, 3
                          5  start db                     not found  after 4
                          6  await db                     started  after 5
                          7  create worker-1              not found  after 2, 3
                          8  start worker-1               not found  after 6, 7
                          9  await worker-1               started  after 8
                         10  create worker-2              not found  after 2, 3
                         11  start worker-2               not found  after 6, 10
                         12  await worker-2               started  after 11
                         13  create worker-3              not found  after 2, 3
                         14  start worker-3               not found  after 6, 13
                         15  await worker-3               started  after 14
                        """);
    }

    @Test
    void upWhenAReplicaIsGoneStartsItBesideTheEntryThatStays() {
        assertThat(Snapshot.running(THREE).without("api-2").up(List.of("api")).text())
                .isEqualTo(
                        """
                          1  lead api to blue 1  until the new ones are ready
                          2  await api-1         running, unchanged
                          3  create api-2        not found
                          4  start api-2         not found  after 1, 3
                          5  await api-2         started  after 4
                          6  await api           running, unchanged  after 5
                          7  lead api to blue 2  api has 2 now  after 1, 2, 5
                        """);
    }

    @Test
    void meantWhenANameIsThatOfReplicasIsThoseThatAreThere() {
        Observed observed = Snapshot.running(THREE).without("worker-2").observed();

        assertThat(observed.meant("worker")).containsExactly("worker-1", "worker-3");
        assertThat(observed.meant("api")).containsExactly("api-1", "api-2", "api");
        assertThat(observed.meant("api-1")).containsExactly("api-1");
        assertThat(observed.meant("web")).isEmpty();
    }

    @Test
    void meantWhenAnotherServiceHasANumberForANameIsNotTakenForAReplica() {
        StackDefinition stack = StackDefinition.of("shop", Environment.DEV)
                .add(Service.image("node", "node:1"), Service.image("node-18", "node:18"))
                .build();

        assertThat(Snapshot.running(stack).observed().meant("node")).containsExactly("node");
    }
}
