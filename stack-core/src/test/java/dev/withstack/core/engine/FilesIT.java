package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a container has of files, seen from inside. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class FilesIT {

    @RegisterExtension
    final Trial trial = new Trial();

    @Test
    void upWhenFilesAreWrittenTheContainerHasThemFromItsStart() throws InterruptedException {
        Service db = idle("db").port("sql", 5432);
        Service api = Trial.shell("api", "cat /etc/api/db.conf && exec sleep 1000")
                .file("/etc/api/db.conf", Value.join("db=", db.address("sql").withoutEdge(), "\n"))
                .file("/opt/run.sh", Value.text("#!/bin/sh\necho it runs\n"))
                .file("/etc/secret", Value.secret("hunter2-hunter2"));

        RunningStack stack = trial.up(trial.stack(db, api));

        assertThat(stack.service("api").logTail(5)).contains("db=db:5432");
        assertThat(run(stack, "api", "/opt/run.sh")).isEqualTo("it runs\n");
        assertThat(run(stack, "api", "cat", "/etc/secret")).isEqualTo("hunter2-hunter2");
        assertThat(String.join("", trial.docker("inspect", trial.container("api"))))
                .doesNotContain("hunter2");
    }

    @Test
    void upWhenAFileIsChangedRecreatesOnlyWhatItTouches() throws InterruptedException {
        Service api = idle("api").file("/etc/api.conf", Value.text("1"));
        trial.up(trial.stack(idle("db"), api));
        String before = trial.identity("db");

        RunningStack stack = trial.up(trial.stack(idle("db"), api.file("/etc/api.conf", Value.text("2"))));

        assertThat(trial.changes()).contains("create api: config changed: file /etc/api.conf");
        assertThat(trial.identity("db")).isEqualTo(before);
        assertThat(run(stack, "api", "cat", "/etc/api.conf")).isEqualTo("2");
    }

    @Test
    void upWhenTheProjectHasAFileOfItsOwnTakesThatAndFollowsItsChanges() throws InterruptedException, IOException {
        Service api = idle("api")
                .fileOr("config/api.conf", "/etc/api.conf", Value.text("generated"))
                .file("/etc/rules/a", Value.text("generated"))
                .own("config/rules", "/etc/rules");
        StackDefinition definition = trial.stack(api);

        RunningStack stack = trial.up(definition);
        assertThat(run(stack, "api", "cat", "/etc/api.conf", "/etc/rules/a")).isEqualTo("generatedgenerated");

        Path own = write("config/api.conf", "own");
        write("config/rules/b", "own rule");
        stack = trial.up(definition);
        assertThat(trial.changes())
                .contains("create api: config changed: file /etc/api.conf, file /etc/rules/b (new), file /etc/rules/a"
                        + " (gone)");
        assertThat(run(stack, "api", "cat", "/etc/api.conf")).isEqualTo("own");
        assertThat(run(stack, "api", "ls", "/etc/rules")).isEqualTo("b\n");

        Files.writeString(own, "changed");
        stack = trial.up(definition);
        assertThat(run(stack, "api", "cat", "/etc/api.conf")).isEqualTo("changed");
        assertThat(Files.readString(own)).isEqualTo("changed");

        trial.up(definition);
        assertThat(trial.changes()).isEmpty();
    }

    @Test
    void upWhenDirectoriesAreBoundShowsThemAsTheyAreNow() throws InterruptedException, IOException {
        write("pages/index", "1");
        Files.createDirectories(trial.project().resolve("logs"));
        Service api = idle("api").bindReadOnly("pages", "/pages").bind("logs", "/logs");

        RunningStack stack = trial.up(trial.stack(api));

        write("pages/index", "2");
        assertThat(run(stack, "api", "cat", "/pages/index")).isEqualTo("2");
        run(stack, "api", "sh", "-c", "echo said > /logs/api.log; chmod 666 /logs/api.log");
        assertThat(trial.project().resolve("logs/api.log")).hasContent("said");
        assertThat(exitCode(stack, "api", "touch", "/pages/other")).isNotZero();
    }

    @Test
    void upWhenADirectoryToWriteToIsMissingMakesItForEverybody() throws InterruptedException {
        Service api = idle("api").bindOutput("deep/logs", "/logs").hardening(Hardening.NONE.user("12345:12345"));

        RunningStack stack = trial.up(trial.stack(api));

        run(stack, "api", "sh", "-c", "echo said > /logs/api.log");
        assertThat(trial.project().resolve("deep/logs/api.log")).hasContent("said");
    }

    @Test
    void upWhenSomethingIsMissingSaysWhatAndWhereAndTouchesNothing() {
        Service api = idle("api").bindReadOnly("pages", "/pages").copy("config/api.conf", "/etc/api.conf");

        assertThatThrownBy(() -> trial.up(trial.stack(api)))
                .hasMessage("Nothing was started:\n"
                        + "  - api: gets '" + trial.project().resolve("pages")
                        + "' at /pages, and there is no such file or"
                        + " directory. Create it, or point at the project with --project.\n"
                        + "  - api: gets '" + trial.project().resolve("config/api.conf")
                        + "' at /etc/api.conf, and there is no such file or directory. Create it, or point at the project"
                        + " with --project.");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    void upWhenTheRootIsReadOnlyWritesFilesAllTheSameAndKeepsWhatTheImageHasBesideThem() throws InterruptedException {
        Service api = idle("api")
                .file("/etc/apt/extra.conf", Value.text("1"))
                .file("/etc/apt/deep/er/extra.conf", Value.text("2"))
                .file("/srv/new/file", Value.text("3"))
                .hardening(Hardening.NONE.readOnlyRoot());

        RunningStack stack = trial.up(trial.stack(api));

        assertThat(run(stack, "api", "cat", "/etc/apt/extra.conf", "/etc/apt/deep/er/extra.conf", "/srv/new/file"))
                .isEqualTo("123");
        assertThat(run(stack, "api", "ls", "/etc/apt")).contains("sources.list");
        assertThat(exitCode(stack, "api", "touch", "/etc/other")).isNotZero();
    }

    @Test
    void upWhenPostgresHasInitScriptsRunsThemOnAnEmptyVolumeInOrder() throws InterruptedException, IOException {
        write("database/20-more.sql", "insert into log values ('20');");
        Postgres db = Postgres.service("db")
                .data("data")
                .initScript("10-schema.sql", Value.text("create table log (at text); insert into log values ('10');"))
                .initScripts("database");

        RunningStack stack = trial.up(trial.stack(db));

        assertThat(run(stack, "db", "psql", "-U", "postgres", "-tAc", "select string_agg(at, ',') from log"))
                .isEqualTo("10,20\n");
    }

    private Path write(String path, String text) throws IOException {
        Path file = trial.project().resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String run(RunningStack stack, String service, String... command) throws InterruptedException {
        var result = stack.service(service).exec(Duration.ofSeconds(60), command);
        assertThat(result.exitCode()).as(result.stderr()).isZero();
        return result.stdout();
    }

    private static int exitCode(RunningStack stack, String service, String... command) throws InterruptedException {
        return stack.service(service).exec(Duration.ofSeconds(60), command).exitCode();
    }
}
