package dev.withstack.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.VolumeMount;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CeleryTests {
    private static final Service IMAGE = Service.built("worker", "celery-service");

    @Test
    void workerWhenDeclaredIsAskedByItsOwnName() {
        CeleryWorker worker =
                CeleryWorker.of(IMAGE, "tasks").queues("ml", "data").concurrency(2);

        assertThat(worker.service().command())
                .containsExactly(
                        "celery",
                        "-A",
                        "tasks",
                        "worker",
                        "--loglevel=info",
                        "--events",
                        "--hostname=celery@%h",
                        "--concurrency=2",
                        "--queues=ml,data");
        assertThat(worker.service().probe())
                .contains(Probe.command("sh", "-c", "celery -A tasks inspect ping -d celery@$HOSTNAME"));
        assertThat(worker.service().containerCheck().map(ContainerCheck::interval))
                .contains(Duration.ofSeconds(30));
    }

    @Test
    void beatWhenDeclaredIsHealthyWhileItsScheduleIsFresh() {
        CeleryBeat beat = CeleryBeat.of(IMAGE, "tasks").data("schedule");

        assertThat(beat.service().command().get(2)).endsWith("--schedule=/var/lib/celery/celerybeat-schedule");
        assertThat(beat.service().volumes()).containsExactly(new VolumeMount("schedule", "/var/lib/celery"));
        assertThat(beat.service().probe())
                .contains(Probe.command(
                        "sh", "-c", "find /var/lib/celery -name 'celerybeat-schedule*' -mmin -10 | grep -q ."));
    }

    @Test
    void flowerWhenDeclaredWatchesTheBrokerOrRunsInItsApplication() {
        Flower alone = Flower.service("flower", Redis.service("redis").url());
        Flower inside = Flower.of(Service.image("flower", "shop:1"), "tasks");

        assertThat(alone.service().source()).isEqualTo(new Source.Image("mher/flower:2.0"));
        assertThat(alone.service().dependencies()).containsExactly(Dependency.healthy("redis"));
        assertThat(inside.service().command()).containsExactly("celery", "-A", "tasks", "flower", "--port=5555");
        assertThat(inside.service().probe()).contains(Probe.http("/healthcheck"));
    }

    @Test
    void containerCheckWhenAnImageHasOneLanguageOnlyUsesThat() {
        assertThat(ContainerCheck.python("http://127.0.0.1:1/x").command())
                .startsWith("python3", "-c")
                .last()
                .asString()
                .contains("http://127.0.0.1:1/x");
        assertThat(ContainerCheck.node("http://127.0.0.1:1/x").command())
                .startsWith("node", "-e")
                .last()
                .asString()
                .contains("http://127.0.0.1:1/x");
    }
}
