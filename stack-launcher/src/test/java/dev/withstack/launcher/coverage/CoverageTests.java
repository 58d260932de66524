package dev.withstack.launcher.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.PackageNameFilter.excludePackageNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Holds the tests of this module to the obligations that they claim to prove. */
class CoverageTests {

    @Test
    void rowsWhenATestNamesThemStandInTheObligations() throws IOException {
        var known =
                Obligation.readAll(obligations()).stream().map(Obligation::id).toList();

        var unknown = claims().flatMap(claims -> claims.rows().stream()
                .filter(row -> !known.contains(row))
                .map(row -> claims.test() + " names '" + row + "'"));

        assertThat(unknown)
                .as("rows that don't stand in docs/obligations.md: correct the name, or add the obligation there")
                .isEmpty();
    }

    @Test
    void rowsWhenATestNamesThemAreProvenOnTheEngine() {
        var elsewhere = claims().filter(claims -> !claims.rows().isEmpty())
                .map(Claims::test)
                .filter(test -> !test.substring(0, test.indexOf('.')).endsWith("IT"));

        assertThat(elsewhere)
                .as(
                        "tests with a @Row outside of classes that end in IT: only those run on the engine and reach the page")
                .isEmpty();
    }

    private static Stream<Claims> claims() {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage("dev.withstack"))
                .filters(excludePackageNames(CoverageTests.class.getPackageName()))
                .build();
        var plan = LauncherFactory.create().discover(request);
        List<TestIdentifier> roots = List.copyOf(plan.getRoots());
        return roots.stream()
                .flatMap(root -> plan.getDescendants(root).stream())
                .flatMap(identifier -> Claims.of(identifier).stream());
    }

    private static Path obligations() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("docs/obligations.md"))) {
            directory = directory.getParent();
        }
        return directory.resolve("docs/obligations.md");
    }
}
