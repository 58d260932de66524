package dev.withstack.launcher;

import dev.withstack.core.health.Answer;
import dev.withstack.core.plan.Step;
import dev.withstack.core.profile.Profiles;
import dev.withstack.launcher.command.Surroundings;
import dev.withstack.launcher.console.Terminal;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A process that brings a stack up which never gets ready, so that a test can interrupt it. Its arguments: a state
 * directory, and {@code stuck} if taking back what was begun is to hang too.
 */
final class SlowStart {

    private SlowStart() {}

    public static void main(String[] arguments) {
        FakeEngine engine = new FakeEngine();
        engine.answers.put("db", new Answer.NotReady("warming up"));
        engine.beforeEach = step -> {
            if (step instanceof Step.RemoveContainer && arguments[1].equals("stuck")) {
                System.out.println("stuck");
                new CountDownLatch(1).await();
            }
        };
        Surroundings surroundings = new Surroundings(
                Map.of("XDG_STATE_HOME", arguments[0], "STACK", "shop"),
                Path.of(arguments[0]),
                Path.of(arguments[0]),
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                Terminal.NONE,
                Clock.systemUTC(),
                new ProcessForeground(),
                (variables, home, project) -> engine.open(),
                () -> new Profiles(List.of(new Shop())),
                "./stack");
        System.exit(new Program(surroundings).run("start"));
    }
}
