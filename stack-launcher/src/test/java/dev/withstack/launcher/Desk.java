package dev.withstack.launcher;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackId;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.launcher.command.Foreground;
import dev.withstack.launcher.command.Surroundings;
import dev.withstack.launcher.console.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody's desk: a project directory, an environment, an engine in memory, and a clock that stands still. */
final class Desk {
    static final StackId DEV = StackId.of("shop", Environment.DEV);
    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    final FakeEngine engine = new FakeEngine();
    final Map<String, String> environment = new LinkedHashMap<>();
    final List<StackProfile> profiles = new ArrayList<>(List.of(new Shop(), new Kiosk()));
    final List<List<String>> handedOver = new ArrayList<>();
    final Path directory;
    Optional<IOException> noDocker = Optional.empty();
    Map<String, String> handedVariables = Map.of();
    Terminal terminal = Terminal.NONE;
    String typed = "";
    int exitCodeOfOthers;

    Desk(Path directory) {
        this.directory = directory;
        environment.put("XDG_STATE_HOME", directory.resolve("state").toString());
        environment.put("STACK", "shop");
    }

    /** What came of a command. */
    record Outcome(int exitCode, String out, String err) {}

    Outcome run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = runTo(out, err, arguments);
        return new Outcome(exitCode, text(out), text(err));
    }

    int runTo(OutputStream out, OutputStream err, String... arguments) {
        return new Program(surroundings(out, err)).run(arguments);
    }

    /** Return what a command would touch of the world. */
    Surroundings surroundings() {
        return surroundings(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
    }

    private Surroundings surroundings(OutputStream out, OutputStream err) {
        return new Surroundings(
                environment,
                directory,
                directory,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                terminal,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new NoSignals(),
                (variables, home, project) -> engine.open(),
                () -> new Profiles(profiles),
                "./stack");
    }

    Desk dotEnv(String... lines) throws IOException {
        Files.write(directory.resolve(".env"), List.of(lines));
        return this;
    }

    /** Return a terminal at which a person sits. */
    static Terminal person() {
        return new Terminal() {
            @Override
            public boolean showsOutput() {
                return false;
            }

            @Override
            public boolean showsErrors() {
                return false;
            }

            @Override
            public boolean canAnswer() {
                return true;
            }

            @Override
            public Size size() {
                return Size.USUAL;
            }
        };
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private final class NoSignals implements Foreground {
        @Override
        public Watch interruptedBy(Runnable onFirst, Runnable onForced) {
            return () -> {};
        }

        @Override
        public int handOver(List<String> command, Map<String, String> variables) throws IOException {
            if (noDocker.isPresent()) {
                throw noDocker.get();
            }
            handedOver.add(command);
            handedVariables = variables;
            return exitCodeOfOthers;
        }
    }
}
