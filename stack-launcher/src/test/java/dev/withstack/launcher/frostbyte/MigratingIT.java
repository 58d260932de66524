package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.readme.Migration;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every command that {@code docs/migrating.md} gives to those who come from Frostbyte's document, and what it does. */
class MigratingIT {
    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    /** Somebody who begins: nothing of his runs, and nothing stands in his project. */
    @RegisterExtension
    final Launcher beginner = Launcher.create();

    @AfterEach
    void bringItBack() throws Exception {
        stack.run("start", "frostbyte");
    }

    @Test
    @Row("common.migrating")
    void commandWhenItStandsOnThePageDoesWhatTheOldOneDid() throws Exception {
        Migration migration = new Migration("Frostbyte", stack.launcher()::begin);
        migration
                .printsLike("start frostbyte", "admin-dashboard +running")
                .printsLike("status frostbyte", "pipeline-api +running +(healthy|starting)")
                .prints("logs frostbyte", "pipeline-api", "postgres")
                .of("logs frostbyte pipeline-api", words -> assertThat(migration.well(words))
                        .contains("Uvicorn")
                        .doesNotContain("postgres  "))
                .of("logs frostbyte admin-dashboard", words -> assertThat(
                                migration.well(words).lines())
                        .allMatch(line -> line.startsWith("admin-dashboard |")))
                .of("stop frostbyte", words -> {
                    migration.well(words);
                    assertThat(Docker.running(stack.launcher().prefix("dev"))).isEmpty();
                    assertThat(Docker.containers(stack.launcher().prefix("dev")))
                            .containsKey("postgres");
                    stack.run("start", "frostbyte");
                })
                .of("restart frostbyte", words -> {
                    String before = startedAt("redis");
                    migration.well(words);
                    assertThat(startedAt("redis")).isNotEqualTo(before);
                })
                .prints("check frostbyte", "its stream http://")
                .answers("shell frostbyte api", "echo $((6 * 7))\n", "42")
                .answers("shell frostbyte db", "select 6 * 7;\n", "42")
                .answers("shell frostbyte redis", "PING\n", "PONG")
                .prints("shell frostbyte db -- -c 'SELECT 1;'", "(1 row)")
                .asksFirst("reset frostbyte", stack.launcher().volume("dev", "postgres_data"))
                .asksFirst("down frostbyte --volumes", stack.launcher().volume("dev", "postgres_data"))
                // all runs already, the API in a container: there is nothing to start, and nothing to be run by hand
                .of("dev frostbyte", words -> assertThat(migration.well(words))
                        .contains("nothing to change")
                        .containsPattern("postgres +running"))
                .prints("env frostbyte pipeline-api", "REDIS_URL=")
                .of("init frostbyte", words -> {
                    beginner.run(words.toArray(String[]::new));
                    assertThat(Files.readString(beginner.project().resolve(".env")))
                            .contains("FROSTBYTE_AUTH_BYPASS");
                })
                .of("prod frostbyte", words -> {
                    Run refused = beginner.run(words.toArray(String[]::new));
                    assertThat(refused.err()).contains("not fit for prod", "POSTGRES_PASSWORD: is not set");
                    assertThat(Docker.containers(beginner.prefix("prod"))).isEmpty();
                })
                .run();
        assertThat(Docker.running(stack.launcher().prefix("dev"))).containsKey("postgres");
    }

    private static String startedAt(String service) {
        return Docker.inspect(stack.container(service)).text("State", "StartedAt");
    }
}
