package dev.withstack.core;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** Starts and closes a test stack over and over, and tells what this JVM holds meanwhile. Run by {@code ./bench leaks}. */
final class Cycles {
    static final String STACK = "cycles";

    private static final int A_FEW = 10;

    private Cycles() {}

    /**
     * What a JVM holds.
     *
     * @param files open files and sockets; 0 where that can't be told
     */
    record Held(int threads, long files, long heapBytes) {
        static Held now() {
            System.gc();
            OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
            return new Held(
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
    }

    /** Go through one start and end. */
    static void once() {
        StackDefinition definition = StackDefinition.of(STACK, Environment.TEST)
                .add(Redis.service("cache").data("cache_data"))
                .build();
        try (RunningStack stack = Stacks.start(definition)) {
            stack.service("cache").address();
        }
    }

    public static void main(String[] arguments) {
        int cycles = Integer.parseInt(arguments[0]);
        for (int cycle = 1; cycle <= cycles; cycle++) {
            once();
            if (cycle % A_FEW == 0) {
                Held held = Held.now();
                System.out.println(
                        "cycle " + cycle + " " + held.threads() + " " + held.files() + " " + held.heapBytes());
            }
        }
        System.exit(0);
    }
}
