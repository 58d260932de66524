package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.readme.MigratingPage;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every command that {@code docs/migrating.md} gives to those who come from Frostbyte's document, and what it does. */
class MigratingIT {
    private static final Duration SOON = Duration.ofMinutes(5);

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    /** Somebody who begins: nothing of his runs, and nothing stands in his project. */
    @RegisterExtension
    final Launcher beginner = Launcher.create();

    @AfterEach
    void bringItBack() throws Exception {
        stack.run("start", "frostbyte");
    }

    /** What has to be so after a command. */
    @FunctionalInterface
    private interface Effect {
        void check(List<String> words) throws Exception;
    }

    @Test
    @Row("common.migrating")
    void commandWhenItStandsOnThePageDoesWhatTheOldOneDid() throws Exception {
        Map<String, Effect> effects = effects();
        List<String> commands = MigratingPage.read().commands("Frostbyte");

        assertThat(commands).containsExactlyInAnyOrderElementsOf(effects.keySet());
        for (String command : commands) {
            effects.get(command).check(MigratingPage.words(command));
        }
    }

    private Map<String, Effect> effects() {
        Map<String, Effect> effects = new LinkedHashMap<>();
        effects.put("start frostbyte", words -> assertThat(well(words)).containsPattern("admin-dashboard +running"));
        effects.put("status frostbyte", words -> assertThat(well(words))
                .containsPattern("pipeline-api +running +(healthy|starting)"));
        effects.put("logs frostbyte", words -> assertThat(well(words)).contains("pipeline-api", "postgres"));
        effects.put(
                "logs frostbyte pipeline-api",
                words -> assertThat(well(words)).contains("Uvicorn").doesNotContain("postgres  "));
        effects.put(
                "logs frostbyte admin-dashboard",
                words -> assertThat(well(words).lines()).allMatch(line -> line.startsWith("admin-dashboard |")));
        effects.put("stop frostbyte", words -> {
            well(words);
            assertThat(Docker.running(stack.launcher().prefix("dev"))).isEmpty();
            assertThat(Docker.containers(stack.launcher().prefix("dev"))).containsKey("postgres");
            stack.run("start", "frostbyte");
        });
        effects.put("restart frostbyte", words -> {
            String before = startedAt("redis");
            well(words);
            assertThat(startedAt("redis")).isNotEqualTo(before);
        });
        effects.put("check frostbyte", words -> assertThat(well(words)).contains("its stream http://"));
        effects.put("shell frostbyte api", words -> assertThat(fed("echo $((6 * 7))\n", words))
                .contains("42"));
        effects.put("shell frostbyte db", words -> assertThat(fed("select 6 * 7;\n", words))
                .contains("42"));
        effects.put("shell frostbyte redis", words -> assertThat(fed("PING\n", words))
                .contains("PONG"));
        effects.put("shell frostbyte db -- -c 'SELECT 1;'", words -> assertThat(well(words))
                .contains("(1 row)"));
        effects.put("reset frostbyte", this::asksFirst);
        effects.put("down frostbyte --volumes", this::asksFirst);
        // all runs already, the API in a container: there is nothing to start, and nothing to be run by hand
        effects.put(
                "dev frostbyte",
                words -> assertThat(well(words)).contains("nothing to change").containsPattern("postgres +running"));
        effects.put(
                "env frostbyte pipeline-api", words -> assertThat(well(words)).contains("REDIS_URL="));
        effects.put("init frostbyte", words -> {
            beginner.run(words.toArray(String[]::new));
            assertThat(Files.readString(beginner.project().resolve(".env"))).contains("FROSTBYTE_AUTH_BYPASS");
        });
        effects.put("prod frostbyte", words -> {
            Run refused = beginner.run(words.toArray(String[]::new));
            assertThat(refused.err()).contains("not fit for prod", "POSTGRES_PASSWORD: is not set");
            assertThat(Docker.containers(beginner.prefix("prod"))).isEmpty();
        });
        return effects;
    }

    /** Without somebody to ask nothing is thrown away, and what would be is named. */
    private void asksFirst(List<String> words) throws Exception {
        try (LiveRun live = stack.launcher().begin(words.toArray(String[]::new))) {
            live.input().close();
            Run run = live.await(SOON);
            assertThat(run.out()).contains(stack.launcher().volume("dev", "postgres_data"));
            assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
        }
        assertThat(Docker.running(stack.launcher().prefix("dev"))).containsKey("postgres");
    }

    private static String startedAt(String service) {
        return Docker.inspect(stack.container(service)).text("State", "StartedAt");
    }

    private static String well(List<String> words) throws Exception {
        return stack.run(words.toArray(String[]::new)).out();
    }

    private static String fed(String input, List<String> words) throws Exception {
        try (LiveRun live = stack.launcher().begin(words.toArray(String[]::new))) {
            live.input().write(input.getBytes(StandardCharsets.UTF_8));
            live.input().close();
            return live.await(SOON).out();
        }
    }
}
