package dev.withstack.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The Java of the README and of the tutorial is taken from sources that the build compiles and runs. */
class ReadmeTests {
    private static final Path ROOT = Path.of("..");
    private static final List<Path> PAGES = List.of(Path.of("README.md"), Path.of("docs", "own-stack.md"));
    private static final Pattern JAVA = Pattern.compile("(?m)^```java\n");
    private static final Pattern SNIPPET = Pattern.compile("(?m)^<!-- source: (\\S+) -->\n```java\n((?s:.*?))^```\n?");

    @TestFactory
    Stream<DynamicTest> snippetStandsInItsSource() throws IOException {
        return snippets()
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.group(1), () -> assertThat(plain(Files.readString(ROOT.resolve(snippet.group(1)))))
                                .contains(plain(snippet.group(2)))));
    }

    @Test
    void javaWhenItIsShownNamesItsSource() throws IOException {
        assertThat(snippets().count())
                .isPositive()
                .isEqualTo(JAVA.matcher(pages()).results().count());
    }

    private static Stream<MatchResult> snippets() throws IOException {
        return SNIPPET.matcher(pages()).results();
    }

    private static String pages() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path page : PAGES) {
            all.append(Files.readString(ROOT.resolve(page)));
        }
        return all.toString();
    }

    /** Indentation and line breaks are the formatter's. */
    private static String plain(String code) {
        return code.replaceAll("\\s+", "");
    }
}
