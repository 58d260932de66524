package dev.withstack.core;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.io.PrintStream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** A program that starts a test stack, says where, and goes on until it is killed. Run by {@link StacksIT}. */
final class LonelyProgram {
    private LonelyProgram() {}

    public static void main(String[] arguments) throws IOException {
        StackDefinition definition = StackDefinition.of("lonely", Environment.TEST)
                .add(
                        Redis.service("cache").data("cache_data"),
                        Service.provided("provided", "GenericContainer", () -> new GenericContainer<>("redis:7-alpine"))
                                .port("redis", 6379))
                .build();
        RunningStack stack = Stacks.start(definition);
        PrintStream out = System.out;
        out.println("run " + stack.definition().id().run());
        out.println(
                "engine " + DockerClientFactory.instance().getTransportConfig().getDockerHost());
        out.flush();
        System.in.read();
    }
}
