package dev.withstack.launcher;

import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.profile.Profiles;
import dev.withstack.launcher.command.Surroundings;
import dev.withstack.launcher.console.ProcessTerminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** Where the process begins and ends: the only class that knows its streams, its environment and its exit. */
public final class Main {

    private Main() {}

    /** Run the command line and end the process with its exit code. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Clock clock = Clock.systemUTC();
        Surroundings surroundings = new Surroundings(
                environment,
                Path.of("").toAbsolutePath(),
                Path.of(System.getProperty("user.home")),
                System.in,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                new ProcessTerminal(environment, clock),
                clock,
                new ProcessForeground(),
                new ContainerDriverSource(System.getProperty(ImagePolicy.PROPERTY, "")),
                new Once<>(() -> Profiles.find(Main.class.getClassLoader())),
                System.getProperty("withstack.program", "java -jar stack-launcher.jar"));
        System.exit(new Program(surroundings).run(arguments));
    }

    /** Signs such as → and ✔ are written in UTF-8 whatever the locale. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }
}
