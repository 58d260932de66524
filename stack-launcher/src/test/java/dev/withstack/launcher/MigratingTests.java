package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import dev.withstack.launcher.command.Commands;
import dev.withstack.launcher.readme.MigratingPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/migrating.md} and {@code docs/operate.md}: what stands on its right is understood by the launcher, to the last word. */
class MigratingTests {
    private static final Set<String> ABOUT_SERVICES = Set.of(
            "start", "dev", "stage", "prod", "stop", "restart", "logs", "status", "top", "events", "build", "pull",
            "env", "reset", "down", "check", "backup");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "Frostbyte, frostbyte, 15",
        "BI-Agent, bi-agent, 12",
        "Chatbot, chatbot, 22",
        "Ordinaut, ordinaut, 25",
        "Integrador, integrador, 18"
    })
    void commandWhenItStandsOnTheRightIsUnderstood(String part, String stack, int least) throws IOException {
        List<String> commands = MigratingPage.read().commands(part);

        assertThat(commands).hasSizeGreaterThanOrEqualTo(least);
        assertThat(commands).allSatisfy(command -> checkCommand(MigratingPage.words(command), stack));
    }

    @Test
    void rowWhenItHasNoCommandOnItsRightSaysWhatToDo() throws IOException {
        assertThat(MigratingPage.read().rows())
                .isNotEmpty()
                .allSatisfy((old, now) -> assertThat(now).as(old).containsAnyOf("./stack ", "definition"));
    }

    @Test
    void commandWhenItStandsOnThePageAboutOperatingIsUnderstood() throws IOException {
        assertThat(MigratingPage.commandsIn("operate.md"))
                .contains("prod frostbyte --output plain")
                .hasSizeGreaterThan(20)
                .allSatisfy(command -> checkOptions(MigratingPage.words(command)));
    }

    @Test
    void commandWhenItStandsOnThePageAboutReleasingIsUnderstood() throws IOException {
        assertThat(MigratingPage.commandsIn("releasing.md"))
                .contains("rollback chatbot --env prod")
                .hasSizeGreaterThan(6)
                .allSatisfy(command -> checkOptions(MigratingPage.words(command)));
    }

    private void checkCommand(List<String> words, String stack) {
        Arguments read = checkOptions(words);
        assertThat(read.rest()).contains(stack);
        checkServices(read, stack);
    }

    private Arguments checkOptions(List<String> words) {
        Arguments read = Arguments.read(words);
        assertThat(read.kind()).as(String.join(" ", words)).isEqualTo(Arguments.Kind.COMMAND);
        var command = Commands.named(read.command()).orElseThrow().maker().get();
        var said = new Parser(read.command(), command).read(read.rest(), new Desk(directory).surroundings());
        assertThat(said.map(Said::err)).as(String.join(" ", words)).isEmpty();
        return read;
    }

    private static void checkServices(Arguments read, String stack) {
        StackProfile profile = Profiles.find(MigratingTests.class.getClassLoader())
                .named(stack)
                .orElseThrow();
        StackDefinition definition = Profiles.sketch(profile, Settings.none(Environment.DEV));
        Set<String> known = new LinkedHashSet<>(definition.servicesWithBase().keySet());
        known.addAll(definition.declared().keySet());
        known.add(stack);
        if (ABOUT_SERVICES.contains(read.command())) {
            assertThat(read.rest().stream().filter(word -> word.matches("[a-z][a-z-]*")))
                    .filteredOn(word ->
                            !List.of("all", "container", "cron", "host", "prod").contains(word))
                    .isSubsetOf(known);
        } else if (read.command().equals("exec")) {
            assertThat(known).contains(read.rest().get(1));
        } else if (read.command().equals("shell")) {
            assertThat(definition.servicesWithBase().values().stream()
                            .flatMap(service -> service.shell().stream())
                            .map(shell -> shell.alias()))
                    .contains(read.rest().get(1));
        }
    }
}
