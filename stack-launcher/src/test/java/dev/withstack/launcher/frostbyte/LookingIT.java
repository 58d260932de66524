package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands that look at a running Frostbyte, or into it, and change nothing. */
class LookingIT {
    private static final Duration SOON = Duration.ofMinutes(5);

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @Test
    @Row("common.logs")
    void logsWhenNoServiceIsNamedShowAllAndWhenOneIsNamedShowItAlone() throws Exception {
        Run all = stack.run("logs", "frostbyte");
        Run one = stack.run("logs", "frostbyte", "postgres");

        assertThat(all.out())
                .contains("database system is ready to accept connections")
                .contains("Uvicorn running on")
                .contains("Ready to accept connections");
        assertThat(one.out())
                .contains("database system is ready to accept connections")
                .doesNotContain("Uvicorn");
    }

    @Test
    @Row("common.logs")
    void logsWhenSinceIsGivenBeginThere() throws Exception {
        Instant now = Instant.now();
        String id = String.valueOf(
                stack.api().post("since.md", "What happened since.").get("id"));
        stack.api().get("/api/v1/documents/" + id + "/no-such-page");

        Run since = stack.run("logs", "frostbyte", "pipeline-api", "--since", now.toString());

        assertThat(since.out()).contains("no-such-page").doesNotContain("Uvicorn running on");
    }

    @Test
    @Row("settled.logs-asks")
    void logsWhenAPersonNamesNoServiceAsksWhoseAndShowsThat() throws Exception {
        try (LiveRun live = stack.launcher().beginOnTerminal("logs", "frostbyte")) {
            live.awaitOutput("Whose log?", SOON);
            live.input().write("postgres\n".getBytes(StandardCharsets.UTF_8));
            live.input().flush();

            Run run = live.awaitOutput("database system is ready to accept connections", SOON)
                    .await(SOON);

            assertThat(run.exitCode()).as(run.toString()).isZero();
            assertThat(run.out()).doesNotContain("Uvicorn");
        }
    }

    @Test
    @Row("common.logs")
    void logsWhenFollowedShowWhatComesUntilCtrlC() throws Exception {
        try (LiveRun live = stack.launcher().begin("logs", "frostbyte", "pipeline-api", "--follow", "--tail", "1")) {
            live.awaitOutput("pipeline-api", SOON);
            String mark = "/a-page-that-is-asked-for-once-" + System.nanoTime();
            stack.api().get(mark);

            live.awaitOutput(mark, SOON).interrupt();

            assertThat(live.await(SOON).exitCode()).isIn(0, 130);
        }
    }

    @Test
    @Row("common.timings")
    void timingsWhenTheApiWasRestartedTellWhatItWaitedForAndDrawIt() throws Exception {
        stack.run("restart", "frostbyte", "pipeline-api");

        Run table = stack.run("timings", "frostbyte");
        Run page = stack.run("timings", "frostbyte", "--format", "html");

        assertThat(table.out())
                .containsPattern("postgres .*ran already")
                .containsPattern("pipeline-api .*postgres.* at [0-9.]+ s")
                .containsPattern("ready in [0-9.]+ s: .*pipeline-api [0-9.]+");
        assertThat(page.out()).startsWith("<!doctype html>").contains("<svg ", "pipeline-api: started at");
    }

    @Test
    @Row("common.shell")
    @Row("frostbyte.shell-api")
    void shellApiWhenFedIsAShellInsideTheApi() throws Exception {
        Run shell = feed("hostname; echo \"$REDIS_URL\"; exit 7\n", "shell", "frostbyte", "api");

        assertThat(shell.out().lines())
                .containsExactly(
                        Docker.inspect(stack.container("pipeline-api")).text("Config", "Hostname"),
                        "redis://redis:6379/0");
        assertThat(shell.exitCode()).as(shell.toString()).isEqualTo(7);
    }

    @Test
    @Row("common.shell")
    @Row("frostbyte.shell-db")
    void shellDbWhenFedIsPsqlAsFrostbyte() throws Exception {
        Run shell =
                feed("\\pset format unaligned\nselect current_user, current_database();\n", "shell", "frostbyte", "db");

        assertThat(shell.out()).contains("frostbyte|frostbyte");
        assertThat(shell.exitCode()).as(shell.toString()).isZero();
    }

    @Test
    @Row("common.shell")
    @Row("frostbyte.shell-redis")
    void shellRedisWhenFedIsRedisCli() throws Exception {
        Run shell = feed("PING\nSET shell.key 41\nINCR shell.key\nDEL shell.key\n", "shell", "frostbyte", "redis");

        assertThat(shell.out().lines()).startsWith("PONG", "OK").anyMatch(line -> line.endsWith("42"));
        assertThat(shell.exitCode()).as(shell.toString()).isZero();
    }

    @Test
    @Row("common.shell")
    void shellWhenArgumentsFollowHandsThemOver() throws Exception {
        Run shell = stack.run("shell", "frostbyte", "db", "--", "-Atc", "select 6 * 7");

        assertThat(shell.out().strip()).isEqualTo("42");
    }

    @Test
    void execWhenTheCommandFailsEndsWithItsExitCode() throws Exception {
        Run exec = stack.launcher().run("exec", "frostbyte", "redis", "sh", "-c", "echo out; echo err >&2; exit 3");

        assertThat(exec.exitCode()).as(exec.toString()).isEqualTo(3);
        assertThat(exec.out().strip()).isEqualTo("out");
        assertThat(exec.err().strip()).isEqualTo("err");
    }

    @Test
    @Row("common.check")
    @Row("frostbyte.check-stream")
    void checkWhenAllIsWellSaysSoOfEachServiceAndOfTheStream() throws Exception {
        Run check = stack.run("check", "frostbyte", "--output", "json");

        assertThat(check.events("finding"))
                .extracting(event -> event.get("verdict"))
                .containsOnly("good");
        assertThat(check.events("finding"))
                .extracting(event -> event.get("subject"))
                .contains("engine", "redis", "postgres", "minio", "qdrant", "pipeline-api", "admin-dashboard");
        assertThat(check.events("finding"))
                .extracting(event -> String.valueOf(event.get("text")))
                .anyMatch(text -> text.contains("/api/v1/pipeline/stream") && text.contains("\"stage\""));
    }

    @Test
    void urlsWhenAllIsUpAreThoseThatAnswer() throws Exception {
        Run urls = stack.run("urls", "frostbyte");

        assertThat(urls.out())
                .contains("http://127.0.0.1:" + stack.ports().dashboard() + "/admin/")
                .contains("http://127.0.0.1:" + stack.ports().api())
                .contains("127.0.0.1:" + stack.ports().postgres());
    }

    @Test
    @Row("frostbyte.variables")
    void envWhenReadByTheHostHasTheHostsAddresses() throws Exception {
        Run host = stack.run("env", "frostbyte", "pipeline-api");
        Run inside = stack.run("env", "frostbyte", "pipeline-api", "--for", "container");

        assertThat(host.out())
                .contains("REDIS_URL=redis://127.0.0.1:" + stack.ports().redis() + "/0")
                .contains("MINIO_ENDPOINT=http://127.0.0.1:" + stack.ports().s3());
        assertThat(inside.out())
                .contains("REDIS_URL=redis://redis:6379/0")
                .contains("MINIO_ENDPOINT=http://minio:9000");
    }

    @Test
    void listWhenAStackRunsSaysWhere() throws Exception {
        assertThat(stack.run("list").out().lines())
                .anyMatch(line -> line.startsWith("frostbyte ") && line.contains("dev (6 of 6 running)"));
    }

    @Test
    void planWhenASettingDiffersSaysWhatWouldBeDoneAndDoesNothing() throws Exception {
        var before = Docker.running(stack.launcher().prefix("dev"));

        Run plan = stack.run("plan", "start", "frostbyte", "--set", "REDIS_MEMORY=64m");

        assertThat(plan.out()).contains("redis").contains("config changed");
        assertThat(Docker.running(stack.launcher().prefix("dev"))).isEqualTo(before);
    }

    @Test
    @Row("common.status")
    void statusWhenAServiceHasEndedIsExitCodeEight() throws Exception {
        Docker.run("kill", stack.container("admin-dashboard"));
        try {
            Run status = stack.launcher().run("status", "frostbyte");

            assertThat(status.exitCode()).as(status.toString()).isEqualTo(8);
            assertThat(status.out()).containsPattern("admin-dashboard +exited");
        } finally {
            Docker.run("start", stack.container("admin-dashboard"));
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> Servers.get("http://127.0.0.1:" + stack.ports().dashboard() + "/admin/")
                                    .statusCode()
                            == 200);
        }
    }

    private static Run feed(String input, String... arguments) throws Exception {
        try (LiveRun live = stack.launcher().begin(arguments)) {
            live.input().write(input.getBytes(StandardCharsets.UTF_8));
            live.input().close();
            return live.await(SOON);
        }
    }
}
