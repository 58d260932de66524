package dev.withstack.core.docker;

import java.util.Optional;

/**
 * What a running container uses.
 *
 * @param cpus how many CPUs it kept busy between the engine's last two looks
 * @param memoryBytes without what the kernel keeps of files for it, which it can give back
 * @param memoryLimitBytes the machine's memory where it has no limit
 * @param pids processes and threads
 */
public record ContainerUsage(double cpus, long memoryBytes, long memoryLimitBytes, int pids) {

    /** The engine answers for a container that does not run too, with nothing in it. */
    static Optional<ContainerUsage> of(JsonObject json) {
        JsonObject memory = json.object("memory_stats");
        long used = memory.number("usage");
        if (used == 0) {
            return Optional.empty();
        }
        JsonObject details = memory.object("stats");
        // the names differ between the kernel's two generations of control groups
        long given = Math.max(details.number("inactive_file"), details.number("total_inactive_file"));
        return Optional.of(new ContainerUsage(
                cpus(json.object("cpu_stats"), json.object("precpu_stats")),
                Math.max(0, used - given),
                memory.number("limit"),
                json.object("pids_stats").integer("current")));
    }

    private static double cpus(JsonObject now, JsonObject before) {
        long own = now.object("cpu_usage").number("total_usage")
                - before.object("cpu_usage").number("total_usage");
        long all = now.number("system_cpu_usage") - before.number("system_cpu_usage");
        int count = Math.max(1, now.integer("online_cpus"));
        return own <= 0 || all <= 0 ? 0 : (double) own / all * count;
    }
}
