package dev.withstack.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposeExportTests {
    private static final String AWKWARD = "p@ss $word's \"x\"";

    @TempDir
    Path project;

    private final Postgres db = Postgres.service("db")
            .user("shop")
            .password(Value.secret(AWKWARD))
            .database("shop")
            .hostPort(5433)
            .data("data");

    private Export export(Declared<?>... services) {
        StackDefinition shop =
                StackDefinition.of("shop", Environment.DEV).add(services).build();
        return new ComposeExport(
                        shop,
                        new SourceTree(project, project.resolve("out")),
                        secret -> secret.equals(AWKWARD) ? List.of("DB_PASSWORD") : List.of())
                .export();
    }

    private static String compose(Export export) {
        return Optional.ofNullable(export.files().get("compose.yaml"))
                .orElseThrow()
                .text();
    }

    @Test
    void exportWhenAServiceNeedsAnotherKeepsTheEdgeAndRefersToTheSecret() throws IOException {
        Files.createDirectories(project.resolve("api"));
        Files.writeString(project.resolve("api/Dockerfile"), "FROM scratch\nFROM scratch AS production\n");
        Service api = Service.built("api", "api")
                .target("production")
                .port("http", 8080)
                .hostPort(8080)
                .env("DB_URL", db.url("postgresql"))
                .env("PRICE", Value.text("5 $"))
                .probe(Probe.http("/health"))
                .limits(Limits.NONE.cpus(0.5).memory("512m"));

        Export export = export(db, api);

        assertThat(compose(export))
                .isEqualTo(
                        """
                        # shop (dev), written by withstack: change the stack there and export it again.
                        name: shop-dev
                        services:
                          db:
                            image: "postgres:16-alpine"
                            environment:
                              POSTGRES_USER: shop
                              POSTGRES_PASSWORD: "${DB_PASSWORD}"
                              POSTGRES_DB: shop
                            ports:
                              - "127.0.0.1:5433:5432"
                            volumes:
                              - "data:/var/lib/postgresql/data"
                            healthcheck:
                              test:
                                - CMD-SHELL
                                - "exec pg_isready -q -h 127.0.0.1 -U \\"$$POSTGRES_USER\\" -d \\"$$POSTGRES_DB\\""
                              interval: "10s"
                              timeout: "5s"
                              retries: 5
                              start_period: "10s"
                            restart: unless-stopped
                          api:
                            build:
                              context: ../api
                              target: production
                            depends_on:
                              db:
                                condition: service_healthy
                            environment:
                              DB_URL: "postgresql://shop:${DB_PASSWORD_URL_ENCODED}@db:5432/shop"
                              PRICE: "5 $$"
                            ports:
                              - "127.0.0.1:8080:8080"
                            restart: unless-stopped
                            deploy:
                              resources:
                                limits:
                                  cpus: "0.5"
                                  memory: "512m"
                            memswap_limit: "512m"
                        volumes:
                          data:
                            name: shop_data
                        """);
        assertThat(Optional.ofNullable(export.files().get(".env")).orElseThrow())
                .isEqualTo(new Export.File(
                        """
                        # Secrets of shop (dev): keep them out of version control.
                        DB_PASSWORD='p@ss $word\\'s "x"'
                        DB_PASSWORD_URL_ENCODED='p%40ss%20%24word%27s%20%22x%22'
                        """,
                        Export.Readers.OWNER));
        assertThat(export.losses()).isEmpty();
    }

    @Test
    void exportOfACopyNamesItsOwnNetworks() {
        StackDefinition copy = StackDefinition.of("shop", Environment.DEV)
                .network("inner", "shop-inner")
                .add(db.networks("inner"))
                .build()
                .forRun("copy");

        Export export =
                new ComposeExport(copy, new SourceTree(project, project.resolve("out")), secret -> List.of()).export();

        assertThat(compose(export)).contains("name: shop-inner-copy\n");
    }

    @Test
    void exportWhenAServiceHasNoHealthCheckSaysWhatIsLost() {
        Service vectors =
                Service.image("vectors", "qdrant/qdrant:v1").port("http", 6333).probe(Probe.http("/readyz"));
        Service search = Service.image("search", "search:1").env("VECTORS", vectors.address("http"));

        Export export = export(vectors, search);

        assertThat(compose(export)).contains("condition: service_started");
        assertThat(export.losses())
                .extracting(Export.Loss::toString)
                .containsExactly("search: waits until 'vectors' is started, not until it is healthy: its image has no"
                        + " means for a health check.");
    }

    @Test
    void exportWhenServicesRunOnceOrOnRequestSaysSo() {
        Service buckets = Service.image("buckets", "mc:1").runsOnce();
        Service models = Service.image("models", "ollama:1").onRequest();
        Service api = Service.image("api", "api:1")
                .needs(Dependency.completed("buckets"))
                .needs(Dependency.optional(new Dependency("models", Dependency.Condition.STARTED)))
                .hardening(Hardening.NONE
                        .user("1000:1000")
                        .readOnlyRoot()
                        .tmpfs("/tmp")
                        .dropAllCapabilities()
                        .noNewPrivileges())
                .logRotation("100m", 3);

        assertThat(compose(export(buckets, models, api)))
                .contains(
                        """
                          models:
                            image: "ollama:1"
                            profiles:
                              - models
                        """)
                .contains(
                        """
                            depends_on:
                              buckets:
                                condition: service_completed_successfully
                              models:
                                condition: service_started
                                required: false
                            restart: unless-stopped
                            user: "1000:1000"
                            read_only: true
                            tmpfs:
                              - /tmp
                            cap_drop:
                              - ALL
                            security_opt:
                              - "no-new-privileges:true"
                            logging:
                              driver: json-file
                              options:
                                max-size: "100m"
                                max-file: "3"
                        """)
                .contains("restart: \"no\"\n");
    }

    @Test
    void exportWhenFilesAreGeneratedPutsThemBesideUnlessTheyHoldSecrets() {
        Service server = Service.image("server", "server:1")
                .file("/etc/server/plain.conf", Value.text("price = $5\n"))
                .file("/etc/server/run.sh", Value.text("#!/bin/sh\n"))
                .file("/etc/server/secret.conf", Value.join("password = ", Value.secret(AWKWARD), "\n"));

        Export export = export(server);

        assertThat(export.files().get("files/server/etc/server/plain.conf"))
                .isEqualTo(new Export.File("price = $5\n", Export.Readers.EVERYBODY));
        assertThat(export.files().get("files/server/etc/server/run.sh"))
                .isEqualTo(new Export.File("#!/bin/sh\n", Export.Readers.EVERYBODY_RUNS));
        assertThat(compose(export))
                .contains("- \"./files/server/etc/server/plain.conf:/etc/server/plain.conf:ro\"")
                .contains(
                        "configs:\n  server-etc-server-secret-conf:\n    content: |\n      password = ${DB_PASSWORD}\n");
    }

    @Test
    void exportWhenAServiceCanNotBeAContainerNamesIt() {
        Service worker = Service.process("worker", "", "python3", "work.py");
        Service mail = Service.external("mail", new dev.withstack.core.model.HostAndPort("mail.example.com", 25))
                .port("smtp", 25)
                .probe(Probe.tcp());
        Service api = Service.image("api", "api:1").env("MAIL", mail.address("smtp"));

        Export export = export(worker, mail, api);

        assertThat(compose(export)).contains("MAIL: \"mail.example.com:25\"").doesNotContain("worker:", "mail:\n");
        assertThat(export.losses()).extracting(Export.Loss::subject).containsExactly("worker", "mail");
    }
}
