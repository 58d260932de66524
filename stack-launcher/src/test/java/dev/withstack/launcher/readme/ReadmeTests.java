package dev.withstack.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows of Java stands in the examples, which are compiled and run. */
class ReadmeTests {

    @Test
    void javaWhenShownStandsInAnExample() throws IOException {
        String examples = sourcesOf(Path.of("..", "examples"));

        List<String> blocks = Readme.read().blocks("java");

        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(examples).contains(folded(block)));
    }

    @Test
    void filesWhenLinkedAreThere() throws IOException {
        List<String> links = java.util.regex.Pattern.compile("\\]\\(([^)#:]+)\\)")
                .matcher(Readme.read().text())
                .results()
                .map(match -> match.group(1))
                // written by the run of the engine tests
                .filter(link -> !link.equals("docs/coverage.md"))
                .toList();

        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(Path.of("..", link))
                .exists());
    }

    private static String sourcesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .map(ReadmeTests::read)
                    .map(ReadmeTests::folded)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String folded(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
