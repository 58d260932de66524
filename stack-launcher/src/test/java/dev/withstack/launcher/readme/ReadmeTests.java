package dev.withstack.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTests {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    /** Written by the run of the tests on the engine. */
    private static final String COVERAGE = "docs/coverage.md";

    @Test
    void filesWhenLinkedAreThere() throws IOException {
        List<String> links = LINK.matcher(Readme.read().text())
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.equals(COVERAGE))
                .toList();

        assertThat(links).isNotEmpty().allSatisfy(link -> assertThat(Path.of("..", link))
                .exists());
    }
}
