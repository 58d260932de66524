package dev.withstack.launcher.frostbyte;

import dev.withstack.launcher.scenario.Launcher;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The host's ports that a copy of Frostbyte is reached at. */
record Ports(int redis, int postgres, int s3, int console, int qdrant, int grpc, int api, int dashboard) {
    static final Ports DOCUMENTED = new Ports(6379, 5433, 9000, 9001, 6333, 6334, 8000, 5174);

    /** Find eight free ports, below those that systems hand out to clients by themselves. */
    static Ports free() {
        int first = 0;
        do {
            first = 20_000 + 8 * ThreadLocalRandom.current().nextInt(1_400);
        } while (!from(first).areFree());
        return from(first);
    }

    private static Ports from(int first) {
        return new Ports(first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7);
    }

    boolean areFree() {
        return settings().values().stream().map(Integer::valueOf).allMatch(Ports::isFree);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Return the settings that move the stack to these ports. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("REDIS_PORT", Integer.toString(redis));
        settings.put("POSTGRES_PORT", Integer.toString(postgres));
        settings.put("MINIO_PORT", Integer.toString(s3));
        settings.put("MINIO_CONSOLE_PORT", Integer.toString(console));
        settings.put("QDRANT_PORT", Integer.toString(qdrant));
        settings.put("QDRANT_GRPC_PORT", Integer.toString(grpc));
        settings.put("PIPELINE_API_PORT", Integer.toString(api));
        settings.put("ADMIN_DASHBOARD_PORT", Integer.toString(dashboard));
        return settings;
    }

    /** Move whatever the launcher starts from now on. */
    Launcher use(Launcher launcher) {
        settings().forEach(launcher::environment);
        return launcher;
    }
}
