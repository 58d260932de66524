package dev.withstack.launcher.coverage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes the coverage page when the tests on the engine are through. JUnit finds it through {@code ServiceLoader}; it
 * does nothing unless the system property {@code withstack.coverage} names the file, which the build sets only when it
 * runs the whole suite: a page from a single test would turn all other rows into "not run".
 */
public final class CoverageListener implements TestExecutionListener {

    private final Optional<Path> page;

    private final Coverage coverage = new Coverage();

    private Optional<TestPlan> plan = Optional.empty();

    /** Create the listener that JUnit uses. */
    public CoverageListener() {
        this(Optional.ofNullable(System.getProperty("withstack.coverage"))
                .filter(name -> !name.isBlank())
                .map(Path::of));
    }

    CoverageListener(Optional<Path> page) {
        this.page = page;
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
            Files.writeString(file, coverage.render(Obligation.readAll(file.resolveSibling("obligations.md"))));
        } catch (IOException e) {
            throw new UncheckedIOException("The coverage page '" + file + "' can't be written.", e);
        }
    }
}
