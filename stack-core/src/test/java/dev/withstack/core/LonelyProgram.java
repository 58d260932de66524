package dev.withstack.core;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/**
 * A program that starts a test stack, says where, and never closes it: it goes on until it is killed, or exits, or runs out
 * of memory. Run by {@link StacksIT}.
 */
final class LonelyProgram {
    private LonelyProgram() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        RunningStack stack = Stacks.start(arguments[0].equals("beside-testcontainers") ? withProvided() : cache());
        out.println("run " + stack.definition().id().run());
        switch (arguments[0]) {
            case "exits" -> System.exit(3);
            case "exhausts-its-memory" -> exhaustMemory();
            case "beside-testcontainers" ->
                out.println("engine "
                        + DockerClientFactory.instance().getTransportConfig().getDockerHost());
            default -> {
                // goes on
            }
        }
        out.flush();
        System.in.read();
    }

    private static StackDefinition cache() {
        return StackDefinition.of("lonely", Environment.TEST)
                .add(Redis.service("cache").data("cache_data"))
                .build();
    }

    private static StackDefinition withProvided() {
        return cache().extend()
                .add(Service.provided("provided", "GenericContainer", () -> new GenericContainer<>("redis:7-alpine"))
                        .port("redis", 6379))
                .build();
    }

    private static void exhaustMemory() {
        List<long[]> hoard = new ArrayList<>();
        while (hoard.size() < Integer.MAX_VALUE) {
            hoard.add(new long[1 << 20]);
        }
    }
}
