package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** More workers, another version and the way back, while it runs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class Releasing extends Environments {
    @Test
    @Order(14)
    @Row("chatbot.workers-four")
    void workerWhenItIsScaledToFourIsFourAndOneAgain() throws Exception {
        List<String> four = List.of("celery-worker", "celery-worker-2", "celery-worker-3", "celery-worker-4");

        Run up = run("scale", "chatbot", "--env", "dev", "celery-worker=4");

        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(Docker.running(launcher.prefix("dev"))).containsKeys(four.toArray(String[]::new));
        await().atMost(SOON).untilAsserted(() -> assertThat(Docker.run(
                        "exec",
                        container("dev", "celery-worker-4"),
                        "celery",
                        "-A",
                        "src.app.tasks",
                        "inspect",
                        "ping",
                        "--timeout",
                        "10"))
                .contains("4 nodes online"));
        Run down = run("scale", "chatbot", "--env", "dev", "celery-worker=1");
        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Docker.containers(launcher.prefix("dev"))).containsOnlyKeys("app", "celery-worker", "flower");
    }

    @Test
    @Order(15)
    @Row("chatbot.blue-green")
    void deployWhenANewImageIsReadyTakesOverAndRollbackGoesBack() throws Exception {
        String before = Docker.inspect(program("prod", "app")).text("Config", "Image");
        String next = "shia-chatbot:" + suffix(launcher.prefix("prod")) + "-next";
        Docker.run("tag", image, next);
        try {
            Run deploy = run("deploy", "chatbot", "--env", "prod", "--image", next);

            assertThat(deploy.exitCode()).as(deploy.toString()).isZero();
            for (String service : List.of("app", "celery-worker")) {
                assertThat(Docker.inspect(program("prod", service)).text("Config", "Image"))
                        .as(service)
                        .isEqualTo(next);
            }
            assertThat(Docker.inspect(program("prod", "app") + ".kept").text("Config", "Image"))
                    .isEqualTo(before);
            assertThat(Http.get(app("prod"), "/health").json()).containsEntry("status", "healthy");

            Run rollback = run("rollback", "chatbot", "--env", "prod");

            assertThat(rollback.exitCode()).as(rollback.toString()).isZero();
            for (String service : List.of("app", "celery-worker")) {
                assertThat(Docker.inspect(program("prod", service)).text("Config", "Image"))
                        .as(service)
                        .isEqualTo(before);
            }
            assertThat(Http.get(app("prod"), "/health").json()).containsEntry("status", "healthy");
            Run accept = run("deploy", "chatbot", "--env", "prod", "--accept");
            assertThat(accept.exitCode()).as(accept.toString()).isZero();
            assertThat(Docker.containers(launcher.prefix("prod")))
                    .containsOnlyKeys("app", "app-1", "celery-worker", "flower");
        } finally {
            Docker.run("rmi", "--no-prune", next);
        }
    }

    @Test
    @Order(20)
    @Row("chatbot.late-upstreams")
    void nginxWhenAnApplicationIsMadeAnewFindsIt() throws Exception {
        String nginx = Docker.inspect(ofBase("nginx")).text("State", "StartedAt");
        Run down = run("down", "chatbot", "--env", "dev");
        assertThat(down.exitCode()).as(down.toString()).isZero();
        assertThat(Http.send("GET", PORTS.get("NGINX_PORT"), "dev.localhost", "/", "")
                        .status())
                .isEqualTo(503);

        Run dev = begin("dev").await(LONGEST);

        assertThat(dev.exitCode()).as(dev.toString()).isZero();
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        Http.send("GET", PORTS.get("NGINX_PORT"), "dev.localhost", "/", "")
                                .json())
                .containsEntry("chatbot", "dev"));
        assertThat(Docker.inspect(ofBase("nginx")).text("State", "StartedAt")).isEqualTo(nginx);
        assertThat(messages("dev")).as("kept over down and up").isEqualTo(2);
    }
}
