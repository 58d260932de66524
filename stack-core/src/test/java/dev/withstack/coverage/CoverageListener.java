package dev.withstack.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes the coverage page when the tests on the engine are through. JUnit finds it through {@code ServiceLoader}; it
 * does nothing unless the system property {@code withstack.coverage} names the file, which the build sets only when it
 * runs the whole suite: a page from a single test would turn all other rows into "not run".
 *
 * <p>Each module runs its tests in a process of its own, which keeps their results in the module's {@code target} and
 * makes the page from all that are there; the last one has them all.
 */
public final class CoverageListener implements TestExecutionListener {

    private static final String RESULTS = "target/coverage.tsv";

    private final Optional<Path> page;

    private final Path module;

    private final Coverage coverage = new Coverage();

    private Optional<TestPlan> plan = Optional.empty();

    /** Create the listener that JUnit uses. */
    public CoverageListener() {
        this(
                Optional.ofNullable(System.getProperty("withstack.coverage"))
                        .filter(name -> !name.isBlank())
                        .map(Path::of),
                Path.of("").toAbsolutePath());
    }

    /** @param module the directory of the module that is tested, beside those of the others or within one of them */
    CoverageListener(Optional<Path> page, Path module) {
        this.page = page;
        this.module = module;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = Optional.of(testPlan);
        for (var root : testPlan.getRoots()) {
            testPlan.getDescendants(root).forEach(this::noteClaims);
        }
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        noteForAllBelow(identifier, Result.SKIPPED);
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (identifier.isTest()) {
                    note(identifier, Result.PASSED);
                }
            }
            case ABORTED -> noteForAllBelow(identifier, Result.SKIPPED);
            case FAILED -> noteForAllBelow(identifier, Result.FAILED);
        }
    }

    /** A run of several plans in one JVM writes after each, and the last page has them all. */
    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        if (!coverage.isEmpty()) {
            page.ifPresent(this::write);
        }
    }

    private void noteClaims(TestIdentifier identifier) {
        Claims.of(identifier).ifPresent(claims -> claims.rows().forEach(row -> coverage.claims(claims.test(), row)));
    }

    /** A class whose preparation failed fails every test in it, though JUnit reports none of them. */
    private void noteForAllBelow(TestIdentifier identifier, Result result) {
        note(identifier, result);
        plan.ifPresent(present -> present.getDescendants(identifier).forEach(descendant -> note(descendant, result)));
    }

    private void note(TestIdentifier identifier, Result result) {
        Claims.of(identifier).ifPresent(claims -> coverage.cameOut(claims.test(), result));
    }

    private void write(Path file) {
        try {
            Files.createDirectories(module.resolve(RESULTS).getParent());
            Files.write(module.resolve(RESULTS), coverage.lines());
            Files.writeString(file, ofAllModules().render(Obligation.readAll(file.resolveSibling("obligations.md"))));
        } catch (IOException e) {
            throw new UncheckedIOException("The coverage page '" + file + "' can't be written.", e);
        }
    }

    private Coverage ofAllModules() throws IOException {
        Path project = module.resolveSibling("");
        while (Files.exists(project.resolveSibling("pom.xml"))) {
            // a module within a module
            project = project.resolveSibling("");
        }
        Coverage all = new Coverage();
        for (Path one : below(project)) {
            addResults(all, one);
            for (Path within : below(one)) {
                addResults(all, within);
            }
        }
        return all;
    }

    private static List<Path> below(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static void addResults(Coverage all, Path module) throws IOException {
        if (Files.exists(module.resolve(RESULTS))) {
            all.add(Files.readAllLines(module.resolve(RESULTS)));
        }
    }
}
