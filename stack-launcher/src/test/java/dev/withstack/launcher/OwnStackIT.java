package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page docs/own-stack.md, done as it says. */
class OwnStackIT {
    private static final Pattern JAVA = Pattern.compile("(?m)^```java\n((?s:.*?))^```");
    private static final String CLASS = "dev.withstack.examples.junit.Bakery";

    @TempDir
    Path directory;

    @RegisterExtension
    final Launcher launcher = Launcher.of("bakery");

    @Test
    @Row("own.launcher")
    void stackOfTheTutorialRuns() throws Exception {
        launcher.environment("STACK_PROFILES", jar().toString());

        Run up = launcher.run("dev", "bakery", "--auto-ports", "--output", "plain");

        assertThat(up.exitCode()).as(up.toString()).isZero();
        Run menu = launcher.run("exec", "bakery", "orders", "psql", "-U", "postgres", "-Atc", "SELECT bread FROM menu");
        assertThat(menu.exitCode()).as(menu.toString()).isZero();
        assertThat(menu.out()).contains("rye", "spelt");
        assertThat(launcher.run("status", "bakery").exitCode()).isZero();
    }

    /** Compile the page's class and pack it with the file that names it. */
    private Path jar() throws IOException {
        Matcher code = JAVA.matcher(Files.readString(Path.of("..", "docs", "own-stack.md")));
        assertThat(code.find()).isTrue();
        Path source = Files.writeString(directory.resolve("Bakery.java"), code.group(1));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-proc:none",
                        "-d",
                        directory.toString(),
                        source.toString());
        assertThat(result).isZero();
        Path jar = directory.resolve("bakery.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream content = new JarOutputStream(file)) {
            String name = CLASS.replace('.', '/') + ".class";
            content.putNextEntry(new ZipEntry(name));
            content.write(Files.readAllBytes(directory.resolve(name)));
            content.putNextEntry(new ZipEntry("META-INF/services/dev.withstack.core.profile.StackProfile"));
            content.write(CLASS.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return jar;
    }
}
