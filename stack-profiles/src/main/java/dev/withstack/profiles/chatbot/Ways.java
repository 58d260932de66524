package dev.withstack.profiles.chatbot;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Limits;

/**
 * What differs between the environments, and nothing else: all of them are defined by the same code.
 *
 * @param redisDatabase its key space in the Redis that all share
 * @param workers processes that answer requests, and tasks worked on at once
 */
record Ways(
        int appPort,
        int flowerPort,
        int redisDatabase,
        String logLevel,
        int workers,
        Limits appLimits,
        Limits workerLimits) {

    private static final Limits NONE = Limits.NONE;
    private static final Limits APP = NONE.cpus(2).memory("2g").reservedCpus(1).reservedMemory("1g");
    private static final Limits WORKER =
            NONE.cpus(2).memory("2g").reservedCpus(1).reservedMemory("512m");

    static Ways of(Environment environment) {
        return switch (environment) {
            case DEV, BASE -> new Ways(8000, 5555, 0, "DEBUG", 1, NONE, NONE);
            case STAGE -> new Ways(8001, 5556, 1, "INFO", 2, NONE, NONE);
            case PROD -> new Ways(8002, 5557, 2, "WARNING", 4, APP, WORKER);
            case TEST -> new Ways(8000, 5555, 3, "DEBUG", 1, NONE, NONE);
        };
    }
}
