package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.CeleryBeat;
import dev.withstack.core.catalog.CeleryWorker;
import dev.withstack.core.catalog.Flower;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Service;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A worker and a beat of a small application, and Flower beside them. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class CeleryIT {
    private static final Duration LONGEST = Duration.ofSeconds(120);

    @RegisterExtension
    final Trial trial = new Trial();

    @Test
    @Row("settled.slow-probes")
    void upWhenAWorkerAndABeatAreReadyTasksAreSentAndDone() throws IOException, InterruptedException {
        Path source = Files.createDirectories(trial.project().resolve("jobs"));
        Files.writeString(
                source.resolve("Dockerfile"),
                """
                FROM python:3.13
                RUN pip install celery redis
                WORKDIR /app
                COPY tasks.py .
                """);
        Files.writeString(
                source.resolve("tasks.py"),
                """
                import os
                from celery import Celery
                app = Celery('tasks', broker=os.environ['BROKER_URL'], backend=os.environ['BROKER_URL'])
                app.conf.beat_schedule = {'tick': {
                    'task': 'tasks.tick', 'schedule': 1.0, 'options': {'queue': 'odd'}}}

                @app.task
                def tick():
                    print('the task was done', flush=True)
                """);
        Redis redis = Redis.service("redis");
        CeleryWorker worker = CeleryWorker.of(app("worker", redis), "tasks")
                .queues("odd")
                .concurrency(1)
                .patience(Duration.ofMinutes(5));
        CeleryBeat beat = CeleryBeat.of(app("beat", redis), "tasks").data("schedule");
        Flower flower = Flower.service("flower", redis.url()).patience(Duration.ofMinutes(5));

        RunningStack stack = trial.up(trial.stack(redis, worker, beat, flower));

        Awaitility.await().atMost(LONGEST).untilAsserted(() -> assertThat(
                        String.join("\n", stack.service("worker").logTail(200)))
                .contains("the task was done"));
        assertThat(stack.service("beat").ask()).isInstanceOf(Answer.Ready.class);
        assertThat(checkOf("worker")).as("asking a worker takes seconds").isEqualTo("every 30s within 30s");
        assertThat(checkOf("redis")).isEqualTo("every 5s within 5s");
    }

    private String checkOf(String service) {
        String format = "every {{.Config.Healthcheck.Interval}} within {{.Config.Healthcheck.Timeout}}";
        return trial.docker("inspect", "--format", format, trial.container(service))
                .get(0);
    }

    private static Service app(String name, Redis broker) {
        return Service.built(name, "jobs").env("BROKER_URL", broker.url());
    }
}
