package dev.withstack.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The commands that a part of {@code docs/migrating.md} gives, run in the order of the page, with what has to be so after
 * each. A command that the page has and the test has not fails it, and the other way round.
 */
public final class Migration {
    /** Images may have to be built, on a machine that has other things to do. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final String part;
    private final Function<String[], LiveRun> launcher;
    private final Map<String, Effect> effects = new LinkedHashMap<>();

    /** @param launcher begins a run of the launcher with these arguments */
    public Migration(String part, Function<String[], LiveRun> launcher) {
        this.part = part;
        this.launcher = launcher;
    }

    /** Runs a command and sees what has come of it. */
    @FunctionalInterface
    public interface Effect {
        void check(List<String> words) throws Exception;
    }

    /** The command is to have this effect. */
    public Migration of(String command, Effect effect) {
        effects.put(command, effect);
        return this;
    }

    /** The command is to end well, and to print all of this. */
    public Migration prints(String command, String... texts) {
        return of(command, words -> assertThat(well(words)).contains(texts));
    }

    /** The command is to end well, and to print what matches. */
    public Migration printsLike(String command, String pattern) {
        return of(command, words -> assertThat(well(words)).containsPattern(pattern));
    }

    /** The command, told this at its input, is to end well and to print the text. */
    public Migration answers(String command, String input, String text) {
        return of(command, words -> assertThat(fed(input, words)).contains(text));
    }

    /** The command is to go on until Ctrl-C, which all programs in the foreground hear, and to print the text. */
    public Migration follows(String command, String text) {
        return of(command, words -> {
            try (LiveRun live = begin(words)) {
                live.awaitOutput(text, LONGEST).interrupt();
                ProcessHandle.of(live.pid()).stream()
                        .flatMap(ProcessHandle::descendants)
                        .forEach(ProcessHandle::destroy);
                live.await(LONGEST);
            }
        });
    }

    /** The command is to name what would be lost, and to do nothing as there is nobody to ask. */
    public Migration asksFirst(String command, String lost) {
        return of(command, words -> {
            Run run = ended("", words);
            assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
            assertThat(run.out() + run.err()).contains(lost);
        });
    }

    /** Run them all. */
    public void run() throws Exception {
        List<String> commands = MigratingPage.read().commands(part);
        assertThat(commands).containsExactlyInAnyOrderElementsOf(effects.keySet());
        for (String command : commands) {
            effects.get(command).check(MigratingPage.words(command));
        }
    }

    /** Run to the end, which has to be good, and return what was printed. */
    public String well(List<String> words) throws Exception {
        return fed("", words);
    }

    private String fed(String input, List<String> words) throws Exception {
        Run run = ended(input, words);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run.out();
    }

    private Run ended(String input, List<String> words) throws Exception {
        try (LiveRun live = begin(words)) {
            live.input().write(input.getBytes(StandardCharsets.UTF_8));
            live.input().close();
            return live.await(LONGEST);
        }
    }

    private LiveRun begin(List<String> words) {
        return launcher.apply(words.toArray(String[]::new));
    }
}
