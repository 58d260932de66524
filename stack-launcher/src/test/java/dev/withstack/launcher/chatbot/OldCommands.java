package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.launcher.readme.Migration;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import java.time.Duration;
import java.util.List;

/** What takes the place of the commands of the chatbot's document, by {@code docs/migrating.md}, where the base alone runs. */
final class OldCommands {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final String[] APPLICATION = {"app", "celery-worker", "flower"};

    private final Launcher launcher;
    private final Migration migration;

    OldCommands(Launcher launcher) {
        this.launcher = launcher;
        this.migration = new Migration("Chatbot", launcher::begin);
    }

    /** Run them all. In the end dev runs, on its base. */
    void run() throws Exception {
        starts();
        releases();
        restarts();
        looks();
        reaches();
        keeps();
        migration.run();
    }

    private void starts() {
        migration
                .prints("local chatbot", "To run app on this host:")
                .of("dev chatbot", words -> brings(words, "dev"))
                .of("stage chatbot", words -> {
                    brings(words, "stage");
                    migration.well(List.of("down", "chatbot", "--env", "stage"));
                })
                .of("prod chatbot", words -> {
                    try (LiveRun live = launcher.begin(words.toArray(String[]::new))) {
                        live.awaitOutput("Ctrl-C leaves it running", LONGEST);
                        assertThat(Docker.running(launcher.prefix("prod"))).containsKeys(APPLICATION);
                        live.interrupt().await(LONGEST);
                    }
                })
                .printsLike("build chatbot", "app|nothing")
                .of("pull chatbot", words -> assertThat(migration.well(words)).contains("postgres: "))
                .of("stop chatbot app celery-worker", words -> {
                    migration.well(words);
                    assertThat(Docker.running(launcher.prefix("dev"))).containsOnlyKeys("flower");
                })
                .of("dev chatbot app celery-worker", words -> brings(words, "dev"));
    }

    private void brings(List<String> words, String environment) throws Exception {
        migration.well(words);
        assertThat(Docker.running(launcher.prefix(environment))).containsKeys(APPLICATION);
    }

    private void releases() {
        String image = "shia-chatbot:v1.0.0";
        migration
                .of("deploy chatbot --env prod --image " + image, words -> {
                    Docker.run("tag", imageOf("prod", "app-1"), image);
                    migration.well(words);
                    assertThat(imageOf("prod", "app-1")).isEqualTo(image);
                    Docker.run("rmi", "--no-prune", image);
                })
                .prints("deploy chatbot --env prod", "nothing")
                .of("rollback chatbot --env prod", words -> {
                    migration.well(words);
                    assertThat(imageOf("prod", "app-1")).isNotEqualTo(image);
                })
                .of("deploy chatbot --env prod --accept", words -> {
                    migration.well(words);
                    assertThat(Docker.containers(launcher.prefix("prod"))).doesNotContainKey("app-1.kept");
                })
                .of("scale chatbot celery-worker=4", words -> {
                    migration.well(words);
                    assertThat(Docker.running(launcher.prefix("dev"))).containsKey("celery-worker-4");
                    migration.well(List.of("scale", "chatbot", "celery-worker=1"));
                });
    }

    private String imageOf(String environment, String service) {
        return Docker.inspect(launcher.prefix(environment) + "-" + service).text("Config", "Image");
    }

    private void restarts() {
        restarts("restart chatbot celery-worker", launcher.prefix("dev") + "-celery-worker");
        restarts("restart chatbot app celery-worker", launcher.prefix("dev") + "-app");
        restarts("restart chatbot postgres", launcher.basePrefix() + "-postgres");
        restarts("restart chatbot prometheus", launcher.basePrefix() + "-prometheus");
        restarts("restart chatbot", launcher.prefix("dev") + "-flower");
    }

    private void restarts(String command, String container) {
        migration.of(command, words -> {
            String before = startedAt(container);
            migration.well(words);
            assertThat(startedAt(container)).as(command).isNotEqualTo(before);
        });
    }

    private static String startedAt(String container) {
        return Docker.inspect(container).text("State", "StartedAt");
    }

    private void looks() {
        migration
                .of("check chatbot", words -> await().atMost(LONGEST)
                        .untilAsserted(() -> assertThat(migration.well(words)).contains(APPLICATION)))
                .prints("env chatbot app", "REDIS_URL=redis://127.0.0.1:")
                .prints("env chatbot app --for container", "REDIS_URL=redis://redis:6379/")
                .follows("logs chatbot app --follow", "app")
                .printsLike("top chatbot", "celery-worker +");
    }

    private void reaches() {
        migration
                .prints("exec chatbot postgres -- pg_isready", "accepting connections")
                .prints("exec chatbot celery-worker -- celery -A src.app.tasks inspect ping", "pong")
                .prints("exec chatbot celery-worker -- celery -A src.app.tasks inspect active", "OK")
                .printsLike("shell chatbot db -- -c 'SELECT count(*) FROM pg_stat_activity;'", "\\(1 row\\)")
                .prints("exec chatbot prometheus -- cat /etc/prometheus/prometheus.yml", "scrape_configs");
        for (String words : List.of("upgrade head", "current", "downgrade -1")) {
            migration.of("exec chatbot app -- alembic " + words, command -> {
                letTheSampleHaveAlembic();
                assertThat(migration.well(command)).contains("asked for " + words);
            });
        }
    }

    /** The sample application has no migrations; what is proven is that the words arrive where the tool would be. */
    private void letTheSampleHaveAlembic() {
        Docker.run(
                "exec",
                "--user=0",
                launcher.prefix("dev") + "-app",
                "sh",
                "-c",
                "printf '#!/bin/sh\\necho asked for \"$@\"\\n' > /usr/local/bin/alembic && chmod 755 /usr/local/bin/alembic");
    }

    private void keeps() {
        migration
                .asksFirst("reset chatbot postgres", "postgres")
                .prints("backup chatbot postgres", "Backed up postgres: ")
                .asksFirst("restore chatbot latest postgres", "postgres")
                .of("backup chatbot --env prod --keep-hourly 24 --keep-daily 30 --output quiet", words -> {
                    migration.well(words);
                    assertThat(migration.well(List.of("backups", "chatbot"))).contains("prod");
                    migration.well(List.of("down", "chatbot", "--env", "prod"));
                })
                .of("backups chatbot prune --keep-daily 30", words -> {
                    migration.well(words);
                    assertThat(migration.well(List.of("backups", "chatbot"))).contains("dev", "prod");
                });
    }
}
