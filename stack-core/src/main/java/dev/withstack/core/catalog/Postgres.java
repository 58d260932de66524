package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Shell;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server. Immutable.
 *
 * <p>Its probe logs in with the configured credentials, which the server takes on an empty volume only: a mismatch is
 * its own diagnosis.
 */
public final class Postgres implements Declared<Postgres> {
    private static final String INIT_SCRIPTS = "/docker-entrypoint-initdb.d";
    private static final String DATA = "/var/lib/postgresql/data";

    private final Service service;
    private final Value user;
    private final Value password;
    private final String database;

    private Postgres(Service service, Value user, Value password, String database) {
        this.service = service;
        this.user = user;
        this.password = password;
        this.database = database;
    }

    /** Declare a PostgreSQL 16 on port 5432 with user, password and database {@code postgres}. */
    public static Postgres service(String name) {
        Service service = Service.image(name, "postgres:16-alpine")
                .port("postgres", 5432)
                .family("postgres")
                .usualBoot(Duration.ofSeconds(3));
        return new Postgres(service, Value.text("postgres"), Value.secret("postgres"), "postgres").configured();
    }

    /** Declare a PostgreSQL 16 with pgvector, its extension created in the database. */
    public static Postgres pgvector(String name) {
        return service(name).source(new Source.Image("pgvector/pgvector:pg16")).extension("vector");
    }

    public Postgres database(String name) {
        return new Postgres(service, user, password, name).configured();
    }

    public Postgres user(String name) {
        return new Postgres(service, Value.text(name), password, database).configured();
    }

    public Postgres password(Value secret) {
        return new Postgres(service, user, secret, database).configured();
    }

    /** Keep the data in a volume. */
    public Postgres data(String volume) {
        return volume(volume, DATA);
    }

    /** Run this script when the server begins on an empty volume, and never again; several in the order of their names. */
    public Postgres initScript(String name, Value script) {
        return file(INIT_SCRIPTS + "/" + name, script);
    }

    /** Run the scripts of this directory of the project likewise. */
    public Postgres initScripts(String directory) {
        return copy(directory, INIT_SCRIPTS);
    }

    /** Create this extension on an empty volume, where the image has it; where it has not, the server's log says so. */
    public Postgres extension(String extension) {
        String script =
                """
                DO $$ BEGIN
                    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = '%1$s') THEN
                        CREATE EXTENSION IF NOT EXISTS "%1$s";
                    ELSE
                        RAISE WARNING 'this image has no extension %1$s; nothing was created for it';
                    END IF;
                END $$;
                """;
        return initScript("00-" + extension + ".sql", Value.text(script.formatted(extension)));
    }

    /** Return {@code scheme://user:password@host:port/database}, such as for {@code postgresql+asyncpg}. */
    public Value url(String scheme) {
        return Value.join(
                scheme + "://",
                user.urlEncoded(),
                ":",
                password.urlEncoded(),
                "@",
                address(""),
                "/",
                Value.text(database).urlEncoded());
    }

    /** Return the URL that JDBC takes; user and password are given apart. */
    public Value jdbcUrl() {
        return Value.join("jdbc:postgresql://", address(""), "/" + database);
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Postgres with(Service changed) {
        return new Postgres(changed, user, password, database);
    }

    private Postgres configured() {
        return env("POSTGRES_USER", user)
                .env("POSTGRES_PASSWORD", password)
                .env("POSTGRES_DB", database)
                .holds(new Data.Postgres(user, password, Value.text(database)))
                .initialData(DATA)
                .probe(new Probe.PostgresLogin("", user, password, database))
                // over TCP: the server of the initialisation phase answers on its Unix socket only; in place of the
                // shell, as
                // what a shell leaves when it takes too long becomes the server's child, and its end one of a crash
                .containerCheck(
                        ContainerCheck.of("exec pg_isready -q -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\""))
                .shell(new Shell(
                        service.shell().map(Shell::alias).orElse(name()),
                        List.of(
                                "sh",
                                "-c",
                                "exec psql -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" \"$@\"",
                                "psql"),
                        Map.of("PGPASSWORD", password)));
    }
}
