package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a command line is read, and what is said of one that can't be. */
class ProgramTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    strat                     | There is no command 'strat'. Did you mean 'start'? See stack --help.
                    frobnicate                | There is no command 'frobnicate'. See stack --help.
                    help strat                | There is no command 'strat'. Did you mean 'start'? See stack --help.
                    shop                      | 'shop' is a stack; say what to do with it, for example: stack dev shop
                    dev --auto-prots          | 'stack dev' has no option '--auto-prots'. Did you mean '--auto-ports'? See stack dev --help.
                    dev --timeout soon        | Invalid value for option '--timeout': 'soon' is no duration. Write it like 500ms, 90s, 2m or 1h30m. See stack dev --help.
                    status --env prd          | Invalid value for option '--env': 'prd' is no environment. Did you mean 'prod'? There are: dev, stage, prod. See stack status --help.
                    status --output jsn       | Invalid value for option '--output': 'jsn' is no way to print. Did you mean 'json'? There are: auto, tty, plain, json, quiet. See stack status --help.
                    dev shpo                  | 'shpo' is neither a stack nor a service of shop. Did you mean 'shop'? Services: db, cache, api.
                    dev cahe                  | 'cahe' is neither a stack nor a service of shop. Did you mean 'cache'? Services: db, cache, api.
                    dev --stack shopp         | There is no stack 'shopp'. Did you mean 'shop'? Stacks: kiosk, shop.
                    dev shop kiosk            | A command is for one stack, and this one for shop. Run it again for 'kiosk'.
                    status shop kiosk         | A command is for one stack, and this one for shop. Run it again for 'kiosk'.
                    dev --only db --infra     | --only starts 'db' alone: leave --infra and other services out.
                    dev --only bd             | 'bd' is neither a stack nor a service of shop. Did you mean 'db'? Services: db, cache, api.
                    logs --tail few           | 'few' is no number of lines for --tail. Write a number, or all.
                    logs --since yesterday    | 'yesterday' is no time for --since. Write how long ago, like 10m, or when, like 2026-01-31T12:00:00Z.
                    exec db                   | exec needs one service and a command, such as: exec redis -- redis-cli ping
                    shell                     | shell needs a service. There are: sql (db), cache, api.
                    shell slq                 | 'slq' is no service of shop and no shell. Did you mean 'sql'? There are: sql (db), cache, api.
                    down db --volumes         | --volumes takes the whole stack away. For db alone use: reset db
                    """)
    void runWhenTheCommandLineIsWrongSaysWhatWasMeant(String arguments, String message) {
        Outcome outcome = desk.run(arguments.split(" "));

        assertThat(outcome.err().strip()).isEqualTo(message);
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(desk.engine.performed).isEmpty();
    }

    @Test
    void runWhenNothingIsGivenShowsTheHelp() {
        assertThat(desk.run()).isEqualTo(desk.run("--help")).isEqualTo(desk.run("help"));
        assertThat(desk.run().exitCode()).isZero();
        assertThat(desk.run().out()).contains("Up and down:", "Inside:", "Data:", "  reset ");
    }

    @Test
    void runWhenHelpOnACommandIsAskedForShowsItsOptions() {
        Outcome outcome = desk.run("help", "dev");

        assertThat(outcome).isEqualTo(desk.run("dev", "--help")).isEqualTo(desk.run("dev", "-h"));
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .startsWith("Usage: stack dev [OPTIONS] [STACK|SERVICE...]\n")
                .contains("--auto-ports");
    }

    @Test
    void runWhenOptionsStandBeforeTheCommandReadsThemAlike() {
        assertThat(desk.run("--stack", "kiosk", "--output", "plain", "plan").out())
                .isEqualTo(desk.run("plan", "--stack", "kiosk", "--output", "plain")
                        .out())
                .contains("create till");
    }

    @Test
    void runWhenTheStackIsAWordTakesIt() {
        assertThat(desk.run("plan", "kiosk").out()).contains("create till");
    }

    @Test
    void runWhenTheVersionIsAskedForShowsIt() {
        assertThat(desk.run("--version").out()).startsWith("withstack ");
    }

    @Test
    void runWhenCompletionIsAskedForWritesAScriptThatKnowsTheCommands() {
        assertThat(desk.run("completion").out()).contains("complete ", "restart", "--auto-ports");
    }

    @Test
    void stackWhenTheDotEnvNamesItIsTaken() throws IOException {
        desk.environment.remove("STACK");
        desk.dotEnv("STACK=kiosk");

        assertThat(desk.run("plan").out()).contains("create till");
        assertThat(desk.run("plan").err()).isEmpty();
    }

    @Test
    void stackWhenTheDirectoryShowsItIsTakenAndSaid() throws IOException {
        desk.environment.remove("STACK");
        Files.createDirectory(directory.resolve("api"));

        assertThat(desk.run("plan").err()).isEqualTo("Stack shop: the directory has api.\n");
    }

    @Test
    void stackWhenTheEnvironmentNamesOneThatIsNotThereSaysWhere() {
        desk.environment.put("STACK", "shap");

        assertThat(desk.run("status").err())
                .isEqualTo("There is no stack 'shap' (STACK in the environment). Did you mean 'shop'?"
                        + " Stacks: kiosk, shop.\n");
    }

    @Test
    void projectWhenItIsNoDirectoryIsRefused() {
        Outcome outcome = desk.run("dev", "--project", "nowhere");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("There is no directory '" + directory.resolve("nowhere") + "' (--project).\n");
    }

    @Test
    void projectWhenItIsThisRepositoryFallsBackToTheSample() throws IOException {
        Files.createDirectories(directory.resolve("stack-launcher"));
        Files.createDirectories(directory.resolve("examples/apps/shop"));

        assertThat(desk.run("plan").err())
                .isEqualTo("Project: the sample application in examples/apps/shop (--project for your own).\n");
    }

    @Test
    void settingsWhenMalformedAreExitCodeFourWithFileAndLine() throws IOException {
        desk.dotEnv("A=1", "nonsense");

        Outcome outcome = desk.run("dev");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains(".env:2: this line is not NAME=value.");
    }

    @Test
    void settingsWhenMalformedDoNotKeepAStackFromStopping() throws IOException {
        desk.run("dev");
        desk.environment.remove("STACK");
        desk.dotEnv("STACK=kiosk", "nonsense");

        assertThat(desk.run("stop", "shop").exitCode()).isZero();
    }

    @Test
    void colourWhenForcedIsWrittenAndWhenRefusedIsNot() {
        desk.run("start");

        assertThat(desk.run("status", "--output", "tty").out()).contains("\u001B[32mrunning\u001B[0m");
        assertThat(desk.run("status", "--output", "tty", "--no-color").out()).doesNotContain("\u001B[");
        desk.environment.put("NO_COLOR", "1");
        assertThat(desk.run("status", "--output", "tty").out()).doesNotContain("\u001B[");
    }

    @Test
    void sessionWhenItEndsClosesItsDriver() {
        desk.run("start");
        desk.run("status");
        desk.run("dev", "cahe");

        assertThat(desk.engine.closed).isEqualTo(desk.engine.opened).isPositive();
    }
}
