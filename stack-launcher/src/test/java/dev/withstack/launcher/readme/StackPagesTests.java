package dev.withstack.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.profile.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The pages of the stacks say what their definitions say. With {@code -Dwithstack.pages=write} the tests write what they
 * would compare.
 */
class StackPagesTests {
    private static final boolean WRITES = "write".equals(System.getProperty("withstack.pages"));
    private static final String FIX =
            "write it anew: ./mvnw test -pl stack-launcher -am -Dtest=StackPagesTests -Dwithstack.pages=write"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    @TestFactory
    Stream<DynamicTest> pageWhenTheDefinitionChangesChangesWithIt() {
        return Profiles.find(StackPagesTests.class.getClassLoader()).all().stream()
                .map(StackPage::new)
                .filter(page -> Files.exists(page.file()))
                .map(page -> DynamicTest.dynamicTest(page.profile().name(), () -> check(page)));
    }

    private static void check(StackPage page) throws IOException {
        String written = Files.readString(page.file());
        if (WRITES) {
            Files.writeString(page.file(), page.renewed(written));
            Files.writeString(page.pictureFile(), page.picture());
        }
        assertThat(page.file()).as(FIX).hasContent(page.renewed(written));
        assertThat(page.pictureFile()).as(FIX).hasContent(page.picture());
    }
}
