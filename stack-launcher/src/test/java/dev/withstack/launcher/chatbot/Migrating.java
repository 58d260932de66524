package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.readme.Migration;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.LiveRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command that {@code docs/migrating.md} gives to those who come from the chatbot's document, and what it does. */
abstract class Migrating extends Environments {
    private static final String VERSION = "shia-chatbot:v1.0.0";
    private static final String RATINGS = "SELECT to_regclass('ratings')";

    private final Migration migration = new Migration("Chatbot", launcher::begin);

    @Test
    @Row("common.migrating")
    @Row("chatbot.migrations")
    @Row("chatbot.backups")
    void commandWhenItStandsOnThePageDoesWhatTheOldOneDid() throws Exception {
        Docker.run("tag", image, VERSION);
        try {
            starts();
            looks();
            restarts();
            migrates();
            releases();
            keeps();
            migration.run();
        } finally {
            Docker.run("rmi", "--no-prune", VERSION);
        }
    }

    private void starts() {
        migration
                .of("local chatbot", words -> assertThat(leavingAlone(words, "dev"))
                        .contains("nothing to change")
                        .contains(BASE))
                .of("dev chatbot", words -> leavingAlone(words, "dev"))
                .of("stage chatbot", words -> leavingAlone(words, "stage"))
                .of("prod chatbot", words -> {
                    try (LiveRun live = launcher.begin(words.toArray(String[]::new))) {
                        live.awaitOutput("Ctrl-C leaves it running", LONGEST)
                                .interrupt()
                                .await(SOON);
                    }
                    assertThat(Docker.running(launcher.prefix("prod"))).containsKeys("app", "app-1", "celery-worker");
                })
                .prints("build chatbot", "app")
                .prints("pull chatbot", "postgres")
                .of("stop chatbot app celery-worker", words -> {
                    migration.well(words);
                    assertThat(Docker.running(launcher.prefix("dev"))).containsOnlyKeys("flower");
                })
                .of("dev chatbot app celery-worker", words -> {
                    migration.well(words);
                    assertThat(Docker.running(launcher.prefix("dev")))
                            .containsOnlyKeys("app", "celery-worker", "flower");
                });
    }

    /** What runs as it is meant to is not touched by a start. */
    private String leavingAlone(List<String> words, String environment) throws Exception {
        Map<String, String> before = Docker.running(launcher.prefix(environment));
        String started = startOf(container(environment, "app"));
        String printed = migration.well(words);
        assertThat(Docker.running(launcher.prefix(environment))).isEqualTo(before);
        assertThat(startOf(container(environment, "app"))).isEqualTo(started);
        return printed;
    }

    private static String startOf(String container) {
        return Docker.inspect(container).text("State", "StartedAt");
    }

    private void looks() {
        migration
                .prints("env chatbot app", "REDIS_URL=redis://127.0.0.1:" + PORTS.get("REDIS_PORT") + "/0")
                .prints("env chatbot app --for container", "REDIS_URL=redis://redis:6379/0", "DATABASE_URL=")
                .of("check chatbot", words -> await().atMost(SOON)
                        .untilAsserted(() -> assertThat(migration.well(words)).contains(BASE)))
                .follows("logs chatbot app --follow", "app")
                .prints("exec chatbot postgres -- pg_isready", "accepting connections")
                .prints("exec chatbot celery-worker -- celery -A src.app.tasks inspect ping", "pong")
                .prints("exec chatbot celery-worker -- celery -A src.app.tasks inspect active", "1 node online")
                .printsLike("top chatbot", "celery-worker +")
                .printsLike("shell chatbot db -- -c 'SELECT count(*) FROM pg_stat_activity;'", "\\(1 row\\)")
                .prints("exec chatbot prometheus -- cat /etc/prometheus/prometheus.yml", "scrape_configs");
    }

    private void restarts() {
        String app = container("dev", "app");
        String worker = container("dev", "celery-worker");
        migration
                .of("restart chatbot celery-worker", words -> {
                    String untouched = startOf(app);
                    restarted(words, worker);
                    assertThat(startOf(app)).isEqualTo(untouched);
                })
                .of("restart chatbot app celery-worker", words -> restarted(words, app, worker))
                .of("restart chatbot postgres", words -> restarted(words, ofBase("postgres")))
                .of("restart chatbot prometheus", words -> restarted(words, ofBase("prometheus")))
                .of("restart chatbot", words -> restarted(words, app, worker, container("dev", "flower")));
    }

    private void restarted(List<String> words, String... containers) throws Exception {
        List<String> before = Stream.of(containers).map(Migrating::startOf).toList();
        migration.well(words);
        List<String> after = Stream.of(containers).map(Migrating::startOf).toList();
        assertThat(after).doesNotContainAnyElementsOf(before);
        await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(
                        Http.get(app("dev"), "/health").json())
                .containsEntry("status", "healthy"));
    }

    private void migrates() {
        migration
                .of("exec chatbot app -- alembic upgrade head", words -> {
                    migration.well(words);
                    assertThat(psql("dev_shia_chatbot", RATINGS)).isEqualTo("ratings");
                })
                .prints("exec chatbot app -- alembic current", "0001 (head)")
                .of("exec chatbot app -- alembic downgrade -1", words -> {
                    migration.well(words);
                    assertThat(psql("dev_shia_chatbot", RATINGS)).isEmpty();
                });
    }

    private void releases() {
        String program = program("prod", "app");
        migration
                .of("deploy chatbot --env prod --image shia-chatbot:v1.0.0", words -> {
                    migration.well(words);
                    assertThat(Docker.inspect(program).text("Config", "Image")).isEqualTo(VERSION);
                    assertThatProdIsWell();
                })
                .of("deploy chatbot --env prod --run 'alembic upgrade head'", words -> {
                    String before = Docker.inspect(program).text("Id");
                    assertThat(psql("prod_shia_chatbot", RATINGS)).isEmpty();
                    logsOfProd("ERROR");
                    migration.well(words);
                    assertThat(psql("prod_shia_chatbot", RATINGS)).isEqualTo("ratings");
                    assertThat(Docker.inspect(program).text("Id")).isNotEqualTo(before);
                    assertThatProdIsWell();
                })
                .of("deploy chatbot --env prod", words -> {
                    String before = Docker.inspect(program).text("Id");
                    logsOfProd("CRITICAL");
                    migration.well(words);
                    assertThat(Docker.inspect(program).text("Id")).isNotEqualTo(before);
                    assertThat(Docker.inspect(program + ".kept").text("Id")).isEqualTo(before);
                    assertThatProdIsWell();
                })
                .of("rollback chatbot --env prod", words -> {
                    String before = Docker.inspect(program + ".kept").text("Id");
                    migration.well(words);
                    assertThat(Docker.inspect(program).text("Id")).isEqualTo(before);
                    assertThatProdIsWell();
                })
                .of("deploy chatbot --env prod --accept", words -> {
                    migration.well(words);
                    assertThat(Docker.containers(launcher.prefix("prod")))
                            .containsOnlyKeys("app", "app-1", "celery-worker", "flower");
                })
                .of("scale chatbot celery-worker=4", words -> {
                    migration.well(words);
                    assertThat(Docker.running(launcher.prefix("dev"))).containsKeys("celery-worker-4");
                    run("scale", "chatbot", "celery-worker=1");
                });
    }

    /** A version is another one by its settings too. */
    private static void logsOfProd(String level) throws IOException {
        Path file = launcher.project().resolve(".env.prod");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.startsWith("LOG_LEVEL="));
        lines.add("LOG_LEVEL=" + level);
        Files.write(file, lines);
    }

    private static void assertThatProdIsWell() throws IOException {
        assertThat(Http.get(app("prod"), "/health").json())
                .containsEntry("status", "healthy")
                .containsEntry("environment", "prod");
    }

    private void keeps() {
        migration
                .of("reset chatbot postgres", words -> {
                    Object ofProd = messages("prod");
                    chat("dev", "said before the reset");
                    migration.well(confirmed(words));
                    await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(messages("dev"))
                            .isEqualTo(0));
                    assertThat(messages("prod")).isEqualTo(ofProd);
                })
                .of("backup chatbot postgres", words -> {
                    chat("dev", "said before the backup");
                    migration.well(words);
                    assertThat(backupsOf("dev")).hasSize(1);
                })
                .of("restore chatbot latest postgres", words -> {
                    Object ofProd = messages("prod");
                    chat("dev", "said after the backup");
                    assertThat(messages("dev")).isEqualTo(2);
                    migration.well(confirmed(words));
                    await().atMost(SOON).ignoreExceptions().untilAsserted(() -> assertThat(messages("dev"))
                            .isEqualTo(1));
                    assertThat(messages("prod")).isEqualTo(ofProd);
                })
                .of("backup chatbot --env prod --schedule cron", words -> {
                    String line = migration.well(words).strip();
                    assertThat(line).startsWith("0 * * * * cd ").contains(" --keep-hourly 24 --keep-daily 30 ");
                    assertThat(backupsOf("prod")).isEmpty();
                    runAsCronDoes(line.substring("0 * * * * ".length()).replace("\\%", "%"));
                    assertThat(backupsOf("prod")).hasSize(1);
                })
                .of("backups chatbot prune --keep-daily 30", words -> {
                    run("backup", "chatbot", "postgres");
                    assertThat(backupsOf("dev")).hasSize(2);
                    migration.well(words);
                    assertThat(backupsOf("dev")).as("the last of the day").hasSize(1);
                    assertThat(backupsOf("prod")).hasSize(1);
                });
    }

    /** What destroys is to be told which of three environments is meant. */
    private static List<String> confirmed(List<String> words) {
        return Stream.concat(words.stream(), Stream.of("--env", "dev", "--yes")).toList();
    }

    private static List<Path> backupsOf(String environment) throws IOException {
        Path shelf = launcher.project().resolve("backups");
        if (!Files.isDirectory(shelf)) {
            return List.of();
        }
        List<Path> found = new ArrayList<>();
        try (Stream<Path> directories = Files.list(shelf)) {
            for (Path directory : directories.toList()) {
                if (Files.readString(directory.resolve("manifest")).contains("\nenvironment " + environment + "\n")) {
                    found.add(directory);
                }
            }
        }
        return found;
    }

    private static void runAsCronDoes(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("HOME", "LOGNAME"));
        builder.environment().put("PATH", "/usr/bin:/bin");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
    }
}
