package dev.withstack.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.OtelCollector;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmExportTests {
    /** As a swarm refuses them that are longer, with the name that the stack is deployed by before them. */
    private static final int LONGEST_NAME = 64 - "shia-chatbot-prod-it1a2b_".length();

    private static final Pattern CONFIG = Pattern.compile("source: \"?(\\S+?)\"?\\n");

    @TempDir
    Path project;

    private Export export(Declared<?>... services) {
        return export(StackDefinition.of("shop", Environment.PROD).add(services).build());
    }

    private Export export(StackDefinition definition) {
        return new SwarmExport(definition, new SourceTree(project, project.resolve("out")), secret -> List.of())
                .export();
    }

    private static String stack(Export export) {
        return text(export, SwarmExport.FILE);
    }

    private static String text(Export export, String file) {
        return Objects.requireNonNull(export.files().get(file), file).text();
    }

    private static List<String> names(Export export) {
        return CONFIG.matcher(stack(export))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static List<String> losses(Export export) {
        return export.losses().stream().map(Export.Loss::toString).toList();
    }

    private static Service server() {
        return Service.image("server", "server:1");
    }

    @Test
    void exportWhenAGeneratedFileChangesNamesItOtherwiseAsASwarmChangesNoConfig() {
        Export before = export(server().file("/etc/server.conf", Value.text("price = 5\n")));
        Export after = export(server().file("/etc/server.conf", Value.text("price = 6\n")));

        assertThat(names(before)).hasSize(1);
        assertThat(names(after)).hasSize(1).doesNotContainAnyElementsOf(names(before));
    }

    @Test
    void exportWhenAFileLiesDeepKeepsItsNameWithinWhatASwarmTakes() {
        Export export = export(Service.image("a-service-with-quite-a-long-name-of-its-own", "server:1")
                .file("/etc/provisioning/with/many/directories/some-data-sources-of-ours.yml", Value.text("a: 1\n")));

        assertThat(names(export)).allSatisfy(name -> assertThat(name).hasSizeLessThanOrEqualTo(LONGEST_NAME));
    }

    @Test
    void exportWhenAFileIsTheProjectsOrRefersToASecretHasItTakenToEveryNode() throws IOException {
        Files.writeString(project.resolve("schema.sql"), "CREATE TABLE price ();\n");
        Files.createDirectory(project.resolve("pages"));
        Files.writeString(project.resolve("pages/index.html"), "<html/>\n");
        Files.writeString(project.resolve("server.key"), "a private key\n");
        Files.setPosixFilePermissions(project.resolve("server.key"), PosixFilePermissions.fromString("rw-------"));

        Export export = export(server().copy("schema.sql", "/init/schema.sql")
                .copy("pages", "/pages")
                .copy("server.key", "/etc/server.key")
                .file("/etc/password", Value.join("password = ", Value.secret("kept-to-itself"), "\n")));

        assertThat(stack(export))
                .contains(
                        "    file: ../schema.sql\n",
                        "    file: ../pages/index.html\n",
                        "target: /pages/index.html\n",
                        "    file: ../server.key\n",
                        "    file: ./secret-files/server/etc/password\n")
                .doesNotContain("kept-to-itself");
        assertThat(stack(export).substring(stack(export).indexOf("\nsecrets:\n")))
                .contains("server.key", "etc/password")
                .doesNotContain("schema.sql");
        assertThat(export.files().get("secret-files/server/etc/password"))
                .isEqualTo(new Export.File("password = kept-to-itself\n", Export.Readers.OWNER));
        assertThat(export.losses()).isEmpty();
    }

    @Test
    void exportWhenAFileIsMissingOrEmptySaysSo() throws IOException {
        Files.createFile(project.resolve("empty.conf"));
        Files.createDirectory(project.resolve("pages"));
        Files.writeString(project.resolve("pages/large.html"), "x".repeat(600_000));

        Export export = export(server().copy("none.crt", "/etc/server.crt")
                .copy("empty.conf", "/etc/empty.conf")
                .copy("pages", "/pages"));

        assertThat(losses(export))
                .containsExactly(
                        "server: gets 'none.crt' of the project, which is not there.",
                        "server: gets no '/etc/empty.conf', which is empty: a swarm takes no empty files.",
                        "server: sees '../pages' of the host, which has to be there on every node.");
    }

    @Test
    void exportWhenASwarmDoesNotDoSomethingSaysWhat() {
        Setup setup = Setup.NONE
                .sharedMemory("256m")
                .group("video")
                .lookup(new Setup.Lookup(List.of(), List.of(), List.of("ndots:1")))
                .datagrams(new Setup.Datagrams("127.0.0.1", 5353, 53));
        Postgres db = Postgres.service("db")
                .user("shop")
                .password(Value.secret("a-password"))
                .database("shop");
        Service api = server().port("http", 80)
                .hostPort(8080)
                .port("metrics", 81)
                .setup(setup)
                .limits(Limits.NONE.memory("64m"))
                .needs(db);

        assertThat(losses(export(db, api, Service.process("clerk", "", "python3", "clerk.py"))))
                .containsExactly(
                        "server: has not: shared memory of 256m, the group video, the option ndots:1 of looking up names."
                                + " A swarm gives none.",
                        "server: is published on port 8080 of every address of every node.",
                        "server: is published on port 5353 of every address of every node.",
                        "clerk: is no container of the swarm: run it beside the others.",
                        "shop: starts in no order: what is not there yet has to be asked again, or fails and is started"
                                + " again.",
                        "shop: may swap as much again as its limits of memory let it have: a swarm limits no swap.");
    }

    @Test
    void exportWhenAFileDependsOnTheVersionSuitsTheOneOfTheImage() {
        OtelCollector collector = OtelCollector.service("collector");

        Export export = export(collector);

        assertThat(stack(export)).contains("contrib:0.91.0");
        assertThat(text(export, "files/collector" + OtelCollector.CONFIG)).contains("address: 0.0.0.0:8888");
    }

    @Test
    void exportWhenTheStackStandsOnABaseNamesWhatIsToBeMadeInIt() {
        Postgres db = Postgres.service("db")
                .user("shop")
                .password(Value.secret("a-password"))
                .database("shop");
        StackDefinition base =
                StackDefinition.of("shop", Environment.BASE).add(db).build();
        StackDefinition prod = StackDefinition.of("shop", Environment.PROD)
                .base(base)
                .add(server().env("DB", db.url("postgresql")))
                .share(new Share.Database("db", "prod_shop"))
                .share(new Share.Buckets("db", "prod-", List.of("files")))
                .build();

        assertThat(losses(export(prod)))
                .contains(
                        "shop: is found on the network of its base by the names of its services too, which other"
                                + " environments have as well: ask for 'prod-server' there, not for 'server'.",
                        "shop: stands on a base, a stack of its own: deploy that first, from base/. Make in it what is"
                                + " this environment's own: database prod_shop of db, bucket prod-files of db.");
    }
}
