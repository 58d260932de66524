package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;

/** A Jaeger that keeps traces in memory and shows them. Immutable. */
public final class Jaeger implements Declared<Jaeger> {
    private final Service service;

    private Jaeger(Service service) {
        this.service = service;
    }

    /** Declare a Jaeger with its pages on port 16686, and OTLP on 4317 (gRPC) and 4318 (HTTP). */
    public static Jaeger service(String name) {
        return new Jaeger(Service.image(name, "jaegertracing/all-in-one:1.52")
                .port("http", 16686)
                .port("otlp-grpc", 4317)
                .port("otlp-http", 4318)
                .port("admin", 14269)
                .env("COLLECTOR_OTLP_ENABLED", "true")
                .usualBoot(Duration.ofSeconds(1))
                .probe(Probe.http("/"))
                .containerCheck(ContainerCheck.of("wget -q -O /dev/null http://127.0.0.1:14269/"))
                .page("http", "/"));
    }

    /** Return the address that takes traces by OTLP over gRPC. */
    public Value otlp() {
        return address("otlp-grpc");
    }

    /** Return the URL of its pages and its query API. */
    public Value url() {
        return url("http", "http");
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Jaeger with(Service changed) {
        return new Jaeger(changed);
    }
}
