package dev.withstack.core.catalog;

import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * An OpenTelemetry Collector: takes traces, metrics and logs by OTLP, hands traces on, and shows metrics to Prometheus.
 * Its configuration is written for the version of the image that runs. The image has no shell, so it is probed from
 * outside only. Immutable.
 */
public final class OtelCollector implements Declared<OtelCollector> {
    /** Where the collector reads its configuration. */
    public static final String CONFIG = "/etc/otel-collector-config.yml";

    /** From this version on, the address of its own metrics is a reader; the older key was taken away. */
    private static final String READERS_SINCE = "0.120";

    private static final String OWN_METRICS_AS_ADDRESS = "    metrics:\n      address: 0.0.0.0:8888\n";
    private static final String OWN_METRICS_AS_READER =
            """
                metrics:
                  readers:
                    - pull:
                        exporter:
                          prometheus:
                            host: 0.0.0.0
                            port: 8888
            """;

    private final Service service;
    private final Optional<Value> traces;

    private OtelCollector(Service service, Optional<Value> traces) {
        this.service = service;
        this.traces = traces;
    }

    /** Declare a collector with OTLP on 4317 (gRPC) and 4318 (HTTP), which writes what it gets into its log. */
    public static OtelCollector service(String name) {
        Service service = Service.image(name, "otel/opentelemetry-collector-contrib:0.91.0")
                .port("otlp-http", 4318)
                .port("otlp-grpc", 4317)
                .port("telemetry", 8888)
                .port("metrics", 8889)
                .port("health", 13133)
                .port("zpages", 55679)
                .family("otelcol")
                .usualBoot(Duration.ofSeconds(1))
                .command("--config=" + CONFIG)
                .probe(Probe.http("/").on("health"));
        return new OtelCollector(service, Optional.empty()).configured();
    }

    /** Hand traces on by OTLP over gRPC to this address, such as Jaeger's. */
    public OtelCollector tracesTo(Value address) {
        return new OtelCollector(service, Optional.of(address)).configured();
    }

    /** Return the URL that applications send to by HTTP. */
    public Value httpUrl() {
        return url("http", "otlp-http");
    }

    /** Return the URL that applications send to by gRPC. */
    public Value grpcUrl() {
        return url("http", "otlp-grpc");
    }

    /** Return the address at which Prometheus finds the metrics of the applications. */
    public Value metrics() {
        return address("metrics");
    }

    /** Return the address at which Prometheus finds the collector's metrics of its own. */
    public Value telemetry() {
        return address("telemetry");
    }

    private OtelCollector configured() {
        return file(CONFIG, Map.of("", config(OWN_METRICS_AS_ADDRESS), READERS_SINCE, config(OWN_METRICS_AS_READER)));
    }

    private Value config(String ownMetrics) {
        Value exporter = traces.map(address ->
                        Value.join("  otlp/traces:\n    endpoint: ", address, "\n    tls:\n      insecure: true\n"))
                .orElse(Value.text(""));
        return Value.join(
                """
                receivers:
                  otlp:
                    protocols:
                      grpc:
                        endpoint: 0.0.0.0:4317
                      http:
                        endpoint: 0.0.0.0:4318
                processors:
                  memory_limiter:
                    check_interval: 1s
                    limit_mib: 256
                  batch:
                    timeout: 200ms
                exporters:
                  debug: {}
                  prometheus:
                    endpoint: 0.0.0.0:8889
                """,
                exporter,
                """
                extensions:
                  health_check:
                    endpoint: 0.0.0.0:13133
                  zpages:
                    endpoint: 0.0.0.0:55679
                service:
                  extensions: [health_check, zpages]
                  telemetry:
                """,
                ownMetrics,
                "  pipelines:\n",
                pipeline("traces", traces.isPresent() ? "otlp/traces" : "debug"),
                pipeline("metrics", "prometheus"),
                pipeline("logs", "debug"));
    }

    private static String pipeline(String what, String exporter) {
        return "    " + what
                + ":\n      receivers: [otlp]\n      processors: [memory_limiter, batch]\n      exporters: [" + exporter
                + "]\n";
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public OtelCollector with(Service changed) {
        return new OtelCollector(changed, traces);
    }
}
