package dev.withstack.core.model;

/**
 * What kind of data a service holds, with what is needed to get at it: how it is reset, backed up and restored follows
 * from that. A service without it has at most files in its volumes. No part of what a container is made from.
 */
public sealed interface Data {

    /** Databases of a PostgreSQL server; its superuser, and the database that is made with it. */
    record Postgres(Value user, Value password, Value database) implements Data {}

    /** Keys of a Redis server. */
    record Redis() implements Data {}

    /** Objects in the buckets of a server that speaks S3. */
    record Objects(Value accessKey, Value secretKey) implements Data {}

    /** Vectors in the collections of a Qdrant server. */
    record Vectors() implements Data {}
}
