package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The parts of shared servers that are a stack's own: makes those that are missing, and removes them with their data.
 * What is kept in a server that runs elsewhere is left to whoever runs it. Used by one thread.
 */
public final class Shares {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** Runs $1 as the superuser, over TCP: the server of the initialisation phase answers on its socket only. */
    private static final String PSQL =
            "PGPASSWORD=\"$POSTGRES_PASSWORD\" exec psql -qtA -v ON_ERROR_STOP=1 -h 127.0.0.1 -U \"$POSTGRES_USER\""
                    + " -d postgres -c \"$0\"";

    private final Driver driver;
    private final StackDefinition definition;

    public Shares(Driver driver, StackDefinition definition) {
        this.driver = driver;
        this.definition = definition;
    }

    /** Make what is missing of those that are meant, and return it. Their servers must be running. */
    public List<Share> make(Predicate<Share> meant) throws InterruptedException {
        List<Share> made = new ArrayList<>();
        for (Share share : kept()) {
            try {
                if (meant.test(share) && make(share)) {
                    made.add(share);
                }
            } catch (IOException e) {
                throw failed("make", share, String.valueOf(e.getMessage()), e);
            }
        }
        return made;
    }

    /** Remove the shares with their data. Their servers must be running, and nobody should be using them. */
    public void drop(List<Share> shares) throws InterruptedException {
        for (Share share : shares) {
            try {
                drop(share);
            } catch (IOException e) {
                throw failed("remove", share, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /** Return the shares whose servers are run here. */
    public List<Share> kept() {
        return definition.shares().stream()
                .filter(share -> !(server(share).source() instanceof Source.External))
                .toList();
    }

    private boolean make(Share share) throws IOException, InterruptedException {
        if (share instanceof Share.Database database) {
            return makeDatabase(database);
        } else if (share instanceof Share.Buckets buckets) {
            return s3(buckets).make(buckets.prefix(), buckets.names());
        }
        // a key is made by writing it, and a collection needs the size of its vectors
        return false;
    }

    private boolean makeDatabase(Share.Database database) throws InterruptedException {
        String found = psql(database, "make", "SELECT 1 FROM pg_database WHERE datname = " + literal(database.name()));
        if (!found.isBlank()) {
            return false;
        }
        psql(database, "make", "CREATE DATABASE " + identifier(database.name()));
        return true;
    }

    private void drop(Share share) throws IOException, InterruptedException {
        if (share instanceof Share.Database database) {
            psql(database, "remove", "DROP DATABASE IF EXISTS " + identifier(database.name()) + " WITH (FORCE)");
        } else if (share instanceof Share.KeySpace keys) {
            run(keys, "remove", List.of("redis-cli", "-n", Integer.toString(keys.number()), "FLUSHDB"));
        } else if (share instanceof Share.Collections collections) {
            new Qdrant(driver.target(definition.owner(share.service()), server(share))
                            .address(server(share).endpoint("http").name()))
                    .drop(collections.prefix());
        } else if (share instanceof Share.Buckets buckets) {
            s3(buckets).drop(buckets.prefix());
        }
    }

    private String psql(Share share, String verb, String statement) throws InterruptedException {
        return run(share, verb, List.of("sh", "-c", PSQL, statement));
    }

    private String run(Share share, String verb, List<String> command) throws InterruptedException {
        Driver.ExecResult result =
                driver.exec(definition.owner(share.service()).id(), share.service(), command, LONGEST);
        if (result.exitCode() != 0) {
            throw failed(verb, share, (result.stderr() + result.stdout()).strip(), null);
        }
        return result.stdout();
    }

    private S3 s3(Share.Buckets buckets) throws IOException {
        StackDefinition owner = definition.owner(buckets.service());
        Service server = server(buckets);
        return new S3(
                driver.target(owner, server).address(server.endpoint("").name()),
                variable(owner, server, "MINIO_ROOT_USER"),
                variable(owner, server, "MINIO_ROOT_PASSWORD"),
                Clock.systemUTC());
    }

    private static String variable(StackDefinition owner, Service server, String name) {
        return Optional.ofNullable(server.environment().get(name))
                .map((Value value) -> value.resolve(new NetworkAddresses(owner)))
                .orElse("");
    }

    private Service server(Share share) {
        return definition.owner(share.service()).service(share.service());
    }

    private static DriverException failed(
            String verb, Share share, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        String message = "Can't " + verb + " the " + share.text() + ": " + why;
        String fix = "look at the server with: logs " + share.service();
        return cause == null
                ? new DriverException(DriverException.Kind.REFUSED, message, fix)
                : new DriverException(DriverException.Kind.REFUSED, message, fix, cause);
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
