package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** They go one after the other, and the base last; then it is there alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class Leaving extends Environments {
    @Test
    @Order(21)
    @Row("chatbot.reset-own")
    void resetWhenItIsOfOneEnvironmentLeavesTheDataOfOthers() throws Exception {
        Run reset = run("reset", "chatbot", "--env", "dev", "--yes");

        assertThat(reset.exitCode()).as(reset.toString()).isZero();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(messages("dev"))
                .isEqualTo(0));
        assertThat(Http.get(app("dev"), "/api/v1/files/note").status()).isEqualTo(404);
        assertThat(chat("dev", "the word of dev").get("like")).isEqualTo(List.of());
        for (String other : List.of("stage", "prod")) {
            assertThat(messages(other)).as(other).isEqualTo(2);
            assertThat(Http.get(app(other), "/api/v1/files/note").body()).isEqualTo("kept by " + other);
            assertThat(chat(other, "once more the word of " + other)
                            .get("reply")
                            .toString())
                    .contains("word of " + other);
        }
    }

    @Test
    @Order(22)
    @Row("chatbot.base-stays")
    void stopWhenItIsOfOneEnvironmentLeavesBaseAndOthersUntouched() throws Exception {
        Map<String, String> before = Docker.running("shia-chatbot");

        Run stop = run("stop", "chatbot", "--env", "dev");

        assertThat(stop.exitCode()).as(stop.toString()).isZero();
        Map<String, String> after = Docker.running("shia-chatbot");
        before.keySet().removeIf(name -> name.startsWith(suffix(launcher.prefix("dev")) + "-"));
        assertThat(after).containsAllEntriesOf(before);
        assertThat(Docker.running(launcher.prefix("dev"))).isEmpty();
    }

    @Test
    @Order(23)
    @Row("chatbot.base-last")
    void baseWhenEnvironmentsUseItIsRefusedWithTheirNames() throws Exception {
        Run refused = run("down", "chatbot", "--env", "dev", "--base");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(5);
        assertThat(refused.err()).contains("is used by stage and prod, so it stays. Nothing was touched.");
        assertThat(Docker.containers(launcher.prefix("dev"))).hasSize(3);
    }

    @Test
    @Order(24)
    @Row("chatbot.volumes-own")
    void downWithVolumesWhenItIsOfOneEnvironmentKeepsTheBaseAndTheOthers() throws Exception {
        List<String> volumes = Docker.volumesEndingWith(suffix(launcher.basePrefix()));

        Run down = run("down", "chatbot", "--env", "stage", "--volumes", "--yes");

        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(volumes).hasSizeGreaterThanOrEqualTo(4);
        assertThat(Docker.volumesEndingWith(suffix(launcher.basePrefix()))).isEqualTo(volumes);
        assertThat(psql("postgres", "SELECT datname FROM pg_database").lines())
                .doesNotContain("stage_shia_chatbot")
                .contains("dev_shia_chatbot", "prod_shia_chatbot");
        assertThat(messages("prod")).isEqualTo(3);
    }

    @Test
    @Order(25)
    @Row("chatbot.base-last")
    void baseWhenTheLastEnvironmentGoesStaysUntilItIsAskedFor() throws Exception {
        Run watched = prod.interrupt().await(SOON);
        assertThat(watched.exitCode()).as(watched.toString()).isEqualTo(130);
        for (String environment : List.of("dev", "prod")) {
            Run down = run("down", "chatbot", "--env", environment);
            assertThat(down.exitCode()).as(down.toString()).isZero();
        }
        assertThat(Docker.running(launcher.basePrefix())).containsKeys(BASE.toArray(String[]::new));

        Run down = run("down", "chatbot", "--base");

        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Docker.containers(launcher.basePrefix())).isEmpty();
        assertThat(Docker.volumesEndingWith(suffix(launcher.basePrefix()))).isNotEmpty();
    }

    @Test
    @Order(26)
    @Row("chatbot.local")
    void localWhenNothingRunsStartsTheBaseAloneAndShowsHowToRunTheRest() throws Exception {
        Run local = run("local", "chatbot");

        assertThat(local.exitCode()).as(local.toString()).isZero();
        assertThat(Docker.running(launcher.basePrefix())).containsKeys(BASE.toArray(String[]::new));
        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(local.out())
                .contains("To run app on this host:", "uvicorn src.app.main:app --reload --port " + app("dev"))
                .contains("To run celery-worker on this host:", "celery -A src.app.tasks worker")
                .contains("export REDIS_URL=redis://127.0.0.1:" + PORTS.get("REDIS_PORT") + "/0");
    }

    @Test
    @Order(27)
    @Row("chatbot.local-runs")
    void linesThatLocalShowsWhenTypedRunTheApplication() throws Exception {
        Run local = run("local", "chatbot");
        assertThat(local.exitCode()).as(local.toString()).isZero();
        Run secrets = run("env", "chatbot", "app", "--format", "shell", "--show-secrets");
        String lines = local.out()
                .replaceFirst("(?s).*To run app on this host:\\s*", "")
                .replaceFirst("(?s)\n\\s*\n.*", "")
                .replaceFirst("eval .*", Matcher.quoteReplacement(secrets.out()));
        String name = container("dev", "typed");
        // this host, with the Python and the packages of the application's image
        Docker.run(
                "run",
                "--detach",
                "--name=" + name,
                "--network=host",
                "--user=0",
                "--volume=" + launcher.project() + ":" + launcher.project(),
                image,
                "sh",
                "-ec",
                lines);
        try {
            await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                            Http.get(app("dev"), "/health").json())
                    .containsEntry("status", "healthy"));
            assertThat(messages("dev")).isNotNull();
        } finally {
            Docker.run("rm", "--force", name);
        }
    }
}
