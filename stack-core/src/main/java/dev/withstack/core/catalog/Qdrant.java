package dev.withstack.core.catalog;

import dev.withstack.core.model.Data;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;

/** A Qdrant vector database. Its image has no shell, so it is probed from outside only. Immutable. */
public final class Qdrant implements Declared<Qdrant> {
    private final Service service;

    private Qdrant(Service service) {
        this.service = service;
    }

    /** Declare a Qdrant with its HTTP API on port 6333 and gRPC on 6334. */
    public static Qdrant service(String name) {
        return new Qdrant(Service.image(name, "qdrant/qdrant")
                .port("http", 6333)
                .port("grpc", 6334)
                .family("qdrant")
                .holds(new Data.Vectors())
                .probe(Probe.http("/readyz"))
                .page("http", "/dashboard"));
    }

    /** Keep the collections in a volume. */
    public Qdrant data(String volume) {
        return volume(volume, "/qdrant/storage");
    }

    /** Return the URL of the HTTP API. */
    public Value url() {
        return url("http", "http");
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Qdrant with(Service changed) {
        return new Qdrant(changed);
    }
}
