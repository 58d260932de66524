package dev.withstack.coverage;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.PackageNameFilter.excludePackageNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The rows that the tests of a module claim to prove, held to what may be claimed. */
public final class ClaimedRows {

    private ClaimedRows() {}

    /** Return the tests that name a row which does not stand in the obligations, and that row. */
    public static List<String> notPromised() throws IOException {
        var known =
                Obligation.readAll(obligations()).stream().map(Obligation::id).toList();
        return claims().flatMap(claims -> claims.rows().stream()
                        .filter(row -> !known.contains(row))
                        .map(row -> claims.test() + " names '" + row + "'"))
                .toList();
    }

    /** Return the tests that name a row outside of classes that end in IT: those alone run on the engine. */
    public static List<String> notProvenOnTheEngine() {
        return claims().filter(claims -> !claims.rows().isEmpty())
                .map(Claims::test)
                .filter(test -> Stream.of(test.split("\\.")).noneMatch(part -> part.endsWith("IT")))
                .toList();
    }

    private static Stream<Claims> claims() {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage("dev.withstack"))
                .filters(excludePackageNames(ClaimedRows.class.getPackageName()))
                .build();
        var plan = LauncherFactory.create().discover(request);
        return plan.getRoots().stream()
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
