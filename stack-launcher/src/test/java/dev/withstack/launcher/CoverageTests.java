package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.ClaimedRows;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Holds the tests of this module to the obligations that they claim to prove. */
class CoverageTests {

    @Test
    void rowsWhenATestNamesThemStandInTheObligations() throws IOException {
        assertThat(ClaimedRows.notPromised())
                .as("rows that don't stand in docs/obligations.md: correct the name, or add the obligation there")
                .isEmpty();
    }

    @Test
    void rowsWhenATestNamesThemAreProvenOnTheEngine() {
        assertThat(ClaimedRows.notProvenOnTheEngine())
                .as("tests with a @Row outside of classes that end in IT: only those run on the engine")
                .isEmpty();
    }
}
