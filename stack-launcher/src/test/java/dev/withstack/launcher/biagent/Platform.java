package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.SharedStack;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** BI-Agent as its users meet it: its ports, its pages and its interfaces. */
final class Platform {
    static final List<String> TWELVE = List.of(
            "postgres",
            "redis",
            "minio",
            "otel-collector",
            "jaeger",
            "prometheus",
            "grafana",
            "analytics-api",
            "ml-service",
            "web",
            "celery-worker",
            "celery-beat");
    static final List<String> APPLICATIONS =
            List.of("analytics-api", "ml-service", "web", "celery-worker", "celery-beat");
    /** How long anything may take that the platform does by itself, on a machine that has other things to do. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Map<String, Integer> PORTS = documentedPorts();

    private final Map<String, Integer> ports;

    private Platform(Map<String, Integer> ports) {
        this.ports = ports;
    }

    /** Return the one that all classes of this package share. */
    static SharedStack shared() {
        return SharedStack.of("bi-agent", PORTS).inCopyOfSample().with("OTEL_METRIC_EXPORT_INTERVAL", "1000");
    }

    static Platform of(SharedStack stack) {
        return new Platform(stack.ports());
    }

    /** Move whatever the launcher starts to ports that are free. */
    static Platform elsewhere(Launcher launcher) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        int next = FreePorts.inARow(PORTS.size());
        for (String setting : PORTS.keySet()) {
            ports.put(setting, next++);
        }
        ports.forEach((setting, port) -> launcher.environment(setting, port.toString()));
        return new Platform(ports);
    }

    private static Map<String, Integer> documentedPorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("DB_PORT", 5432);
        ports.put("REDIS_PORT", 6379);
        ports.put("MINIO_PORT", 9000);
        ports.put("MINIO_CONSOLE_PORT", 9001);
        ports.put("OTEL_COLLECTOR_PORT", 4318);
        ports.put("OTEL_COLLECTOR_OTLP_GRPC_PORT", 4317);
        ports.put("OTEL_COLLECTOR_TELEMETRY_PORT", 8888);
        ports.put("OTEL_COLLECTOR_METRICS_PORT", 8889);
        ports.put("OTEL_COLLECTOR_HEALTH_PORT", 13133);
        ports.put("OTEL_COLLECTOR_ZPAGES_PORT", 55679);
        ports.put("JAEGER_PORT", 16686);
        ports.put("PROMETHEUS_PORT", 9090);
        ports.put("GRAFANA_PORT", 3002);
        ports.put("ANALYTICS_API_PORT", 3000);
        ports.put("ML_SERVICE_PORT", 8000);
        ports.put("WEB_PORT", 3001);
        return ports;
    }

    int port(String setting) {
        return ports.get(setting);
    }

    Http api() {
        return http("ANALYTICS_API_PORT");
    }

    Http ml() {
        return http("ML_SERVICE_PORT");
    }

    Http web() {
        return http("WEB_PORT");
    }

    Http jaeger() {
        return http("JAEGER_PORT");
    }

    Http prometheus() {
        return http("PROMETHEUS_PORT");
    }

    Http grafana() {
        return http("GRAFANA_PORT").basic("admin", "admin");
    }

    Http http(String port) {
        return new Http(port(port));
    }

    /** Send a task by the API and return what it came to. */
    Map<?, ?> run(String task, Map<String, ?> named) throws Exception {
        Map<String, Object> sent = api().post("/api/v1/tasks", Map.of("task", task, "arguments", named), 202);
        return result(String.valueOf(sent.get("id")));
    }

    /** Return what a task came to, once it is done. */
    Map<?, ?> result(String id) throws Exception {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(200)).until(() -> List.of("SUCCESS", "FAILURE")
                .contains(api().json("/api/v1/tasks/" + id).get("state")));
        Map<String, Object> task = api().json("/api/v1/tasks/" + id);
        assertThat(task).as(task.toString()).containsEntry("state", "SUCCESS");
        return (Map<?, ?>) task.get("result");
    }

    /** Return the value that Prometheus has for a query; 0 where it has none. */
    double metric(String query) throws Exception {
        Map<?, ?> data =
                (Map<?, ?>) prometheus().json("/api/v1/query", "query", query).get("data");
        List<?> found = (List<?>) data.get("result");
        return found.isEmpty()
                ? 0
                : Double.parseDouble(String.valueOf(((List<?>) ((Map<?, ?>) found.get(0)).get("value")).get(1)));
    }

    /** Return the first column of the first row of a query, asked inside the container. */
    static String sql(String container, String query) {
        return Docker.run(
                "exec", container, "sh", "-c", "psql -At -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c \"$0\"", query);
    }
}
