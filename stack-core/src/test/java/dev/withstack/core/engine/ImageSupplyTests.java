package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Step;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSupplyTests {
    @TempDir
    Path state;

    private Play play;

    @BeforeEach
    void setUp() {
        play = new Play(state);
    }

    @Test
    void buildWhenServicesShareAnImageBuildsItOnce() {
        StackDefinition stack = stack(
                Service.built("worker", "jobs").imageName("jobs"),
                Service.built("beat", "jobs").imageName("jobs"),
                Service.built("api", "api"));

        play.engine.build(stack, List.of(), Step.Layers.REUSED, play.events::add);

        assertThat(play.driver.performed()).containsExactlyInAnyOrder("build worker from jobs/", "build api from api/");
    }

    @Test
    void buildWhenOneOfThoseThatShareIsNamedBuildsIt() {
        StackDefinition stack = stack(
                Service.built("worker", "jobs").imageName("jobs"),
                Service.built("beat", "jobs").imageName("jobs"));

        play.engine.build(stack, List.of("beat"), Step.Layers.REUSED, play.events::add);

        assertThat(play.driver.performed()).containsExactly("build beat from jobs/");
    }

    @Test
    void buildWhenServicesOnlyShareTheirSourceBuildsEach() {
        StackDefinition stack = stack(
                Service.built("api", ".").target("api"),
                Service.built("worker", ".").target("worker"));

        play.engine.build(stack, List.of(), Step.Layers.REUSED, play.events::add);

        assertThat(play.driver.performed()).containsExactlyInAnyOrder("build api from ./", "build worker from ./");
    }

    @Test
    void pullWhenServicesShareAnImagePullsItOnce() {
        StackDefinition stack = stack(Service.image("cache", "redis:7"), Service.image("queue", "redis:7"));

        play.engine.pull(stack, List.of(), play.events::add);

        assertThat(play.driver.performed()).containsExactly("pull image redis:7");
    }

    private static StackDefinition stack(Service... services) {
        return StackDefinition.of("shop", Environment.DEV).add(services).build();
    }
}
