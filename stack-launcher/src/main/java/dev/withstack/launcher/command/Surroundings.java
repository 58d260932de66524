package dev.withstack.launcher.command;

import dev.withstack.core.Stacks;
import dev.withstack.core.profile.Profiles;
import dev.withstack.launcher.console.Terminal;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/**
 * All that the launcher touches of the world around it.
 *
 * @param program how the user calls the launcher, for commands that are shown to be copied
 */
public record Surroundings(
        Map<String, String> environment,
        Path directory,
        Path home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        Clock clock,
        Foreground foreground,
        DriverSource drivers,
        Supplier<Profiles> profiles,
        String program) {

    /** Return the same with these stacks. */
    public Surroundings with(Supplier<Profiles> others) {
        return new Surroundings(
                environment, directory, home, in, out, err, terminal, clock, foreground, drivers, others, program);
    }

    /** Return where locks and chosen ports are kept. */
    public Path stateDirectory() {
        return Stacks.stateDirectory(environment);
    }
}
