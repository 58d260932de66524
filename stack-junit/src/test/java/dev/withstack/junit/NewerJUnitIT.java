package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests of this module are compiled with the oldest JUnit that it works with; here a newer one runs them. */
class NewerJUnitIT {
    private static final Path NEWER = Path.of("target", "newer-junit");

    @Test
    @Row("junit.newer")
    void testsOfThisModuleWhenANewerJUnitRunsThemPassToo() throws Exception {
        Process suite = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        Suite.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(suite.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(suite.waitFor()).as(output).isZero();
        assertThat(output).contains(Suite.RUN_BY + "6.");
    }

    /** Return this JVM's class path with the newer JUnit in place of the old. */
    private static String classPath() throws IOException {
        List<String> others = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> !Path.of(path).getFileName().toString().matches("junit-(jupiter|platform).*"))
                .toList();
        try (Stream<Path> newer = Files.list(NEWER)) {
            return Stream.concat(others.stream(), newer.map(Path::toString))
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
