package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.coverage.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An engine that is years newer than the one of the other tests, by our client and with a stack from its start to its end. */
class NewerEngineIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final Trial trial = new Trial();

    @Test
    @Row("remote.newer")
    void upWhenTheEngineIsNewerBringsUpLooksIntoAndTakesDownAStack() throws Exception {
        Service redis = Redis.service("redis").hostPort(6379).service();
        Service postgres = Postgres.service("postgres")
                .hostPort(5432)
                .database("trial")
                .user("trial")
                .password(Value.secret("of-the-newer"))
                .service();
        Service job = Trial.shell("job", "echo done; exit 0").runsOnce().needs(Dependency.healthy("redis"));
        Service last = Trial.shell("last", "exec sleep 1000").needs(Dependency.completed("job"));
        StackDefinition stack = trial.stack(redis, postgres, job, last);
        try (SecondEngine docker = SecondEngine.openNewer()) {
            docker.take(
                    TrialImages.local("redis:7-alpine"),
                    TrialImages.local("postgres:16-alpine"),
                    TrialImages.local(TrialImages.SHELL));
            try (StackEngine engine = trial.open(TrialImages.policy(), docker.environment())) {
                RunningStack running = engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);

                assertThat(running.service("redis")
                                .exec(SOON, "redis-cli", "PING")
                                .stdout())
                        .contains("PONG");
                assertThat(running.service("postgres")
                                .exec(SOON, "psql", "-U", "trial", "-Atc", "SELECT 40 + 2")
                                .stdout())
                        .contains("42");
                assertThat(engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear))
                        .isNotNull();
                assertThat(trial.changes()).isEmpty();
                try (DockerEngine client = DockerEngine.open(
                        new EngineLocator(docker.environment(), Path.of(System.getProperty("user.home"))).locate())) {
                    assertThat(client.version().server()).doesNotStartWith("20.");
                    assertThat(client.images().find(TrialImages.local("redis:7-alpine")))
                            .isPresent();
                }
                engine.destroy(stack.id(), event -> {});
                assertThat(docker.run("ps", "--all", "--quiet")).isEmpty();
                assertThat(List.of(docker.run("volume", "ls", "--quiet"))).containsExactly("");
            }
        }
    }
}
