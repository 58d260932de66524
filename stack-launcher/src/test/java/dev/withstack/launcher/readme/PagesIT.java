package dev.withstack.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The commands on the pages of the stacks, typed where nothing runs: those that bring something up are planned, the others
 * are run and have nothing to do. What they do when something runs is shown by the tests of each stack.
 */
class PagesIT {
    private static final Pattern COMMAND = Pattern.compile("\\./stack ([^`#\\n]+)");
    private static final Set<String> BRING_UP = Set.of("dev", "start", "stage", "prod", "local", "plan");
    private static final Set<String> RELEASE = Set.of("stage", "prod");
    /** Of a start, but not of a plan. */
    private static final Set<String> NOT_PLANNED = Set.of("--logs", "--clean", "--attach");
    /** Nothing runs, or what should run does not. */
    private static final Set<Integer> NOTHING_THERE = Set.of(0, 7, 8);
    /** Without secrets of its own a release is refused. */
    private static final Set<Integer> REFUSED = Set.of(4);

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @Test
    @Row("frostbyte.documentation")
    void frostbyteHasNoCommandThatDoesNotWork() throws Exception {
        assertCommandsWork("frostbyte");
    }

    @Test
    @Row("bi-agent.documentation")
    void biAgentHasNoCommandThatDoesNotWork() throws Exception {
        assertCommandsWork("bi-agent");
    }

    @Test
    @Row("chatbot.documentation")
    void chatbotHasNoCommandThatDoesNotWork() throws Exception {
        assertCommandsWork("chatbot");
    }

    @Test
    @Row("ordinaut.documentation")
    void ordinautHasNoCommandThatDoesNotWork() throws Exception {
        assertCommandsWork("ordinaut");
    }

    @Test
    @Row("integrador.documentation")
    void integradorHasNoCommandThatDoesNotWork() throws Exception {
        assertCommandsWork("integrador");
    }

    private void assertCommandsWork(String stack) throws Exception {
        Path empty = launcher.project();
        Path sample = Launcher.samples().resolve(stack);
        launcher.environment("STACK", stack);
        List<List<String>> commands = commands(stack);
        assertThat(commands).hasSizeGreaterThan(5);
        for (List<String> command : commands) {
            boolean isPlanned = BRING_UP.contains(command.get(0));
            launcher.in(isPlanned ? sample : empty);

            Run run = launcher.run((isPlanned ? planned(command) : command).toArray(String[]::new));

            assertThat(run.exitCode()).as(run.toString()).isIn(expected(command));
        }
    }

    private static Set<Integer> expected(List<String> command) {
        if (command.contains("--only")) {
            // what it needs does not run
            return Set.of(5);
        }
        if (RELEASE.contains(command.get(0))) {
            return REFUSED;
        }
        return BRING_UP.contains(command.get(0)) ? Set.of(0) : NOTHING_THERE;
    }

    private static List<List<String>> commands(String stack) throws Exception {
        String page = Files.readString(Path.of("..", "docs", "stacks", stack + ".md"));
        return COMMAND.matcher(page)
                .results()
                .map(match -> List.of(match.group(1).strip().split("\\s+")))
                .distinct()
                .toList();
    }

    private static List<String> planned(List<String> command) {
        Set<String> planned = new LinkedHashSet<>(List.of("plan"));
        command.stream()
                .filter(word -> !NOT_PLANNED.contains(word) && !word.equals("local"))
                .forEach(planned::add);
        planned.add("--auto-ports");
        return List.copyOf(planned);
    }
}
