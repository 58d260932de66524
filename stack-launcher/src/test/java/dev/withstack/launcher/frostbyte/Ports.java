package dev.withstack.launcher.frostbyte;

import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import java.util.LinkedHashMap;
import java.util.Map;

/** The host's ports that a copy of Frostbyte is reached at. */
record Ports(int redis, int postgres, int s3, int console, int qdrant, int grpc, int api, int dashboard) {
    static final Ports DOCUMENTED = new Ports(6379, 5433, 9000, 9001, 6333, 6334, 8000, 5174);

    /** Find eight free ports. */
    static Ports free() {
        int first = FreePorts.inARow(8);
        return new Ports(first, first + 1, first + 2, first + 3, first + 4, first + 5, first + 6, first + 7);
    }

    /** Return the ports that these settings give. */
    static Ports of(Map<String, Integer> settings) {
        return new Ports(
                settings.get("REDIS_PORT"),
                settings.get("POSTGRES_PORT"),
                settings.get("MINIO_PORT"),
                settings.get("MINIO_CONSOLE_PORT"),
                settings.get("QDRANT_PORT"),
                settings.get("QDRANT_GRPC_PORT"),
                settings.get("PIPELINE_API_PORT"),
                settings.get("ADMIN_DASHBOARD_PORT"));
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
