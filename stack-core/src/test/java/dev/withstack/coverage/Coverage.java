package dev.withstack.coverage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Collects what tests claim to prove and how they came out, and renders it beside the obligations. Safe for tests that run
 * in parallel.
 */
final class Coverage {

    /** By row; within a row by test, sorted, since tests run in no order that lasts. */
    private final Map<String, Map<String, Result>> resultsByRow = new LinkedHashMap<>();

    /** Note that a test that is about to run claims a row: what came of it in an earlier run counts no more. */
    synchronized void claims(String test, String row) {
        resultsByRow.computeIfAbsent(row, unused -> new TreeMap<>()).put(test, Result.NOT_RUN);
    }

    /** Note one outcome of a test in every row that it claims. */
    synchronized void cameOut(String test, Result result) {
        for (var results : resultsByRow.values()) {
            results.computeIfPresent(test, (unused, earlier) -> earlier.worse(result));
        }
    }

    /** Return the results as lines, a test and a row each, for a page that the tests of several modules make. */
    synchronized List<String> lines() {
        return resultsByRow.entrySet().stream()
                .flatMap(row -> row.getValue().entrySet().stream()
                        .map(test -> String.join(
                                "\t",
                                row.getKey(),
                                test.getKey(),
                                test.getValue().name())))
                .toList();
    }

    /** Take lines in, as {@link #lines} gave them. */
    synchronized void add(List<String> lines) {
        for (String line : lines) {
            String[] parts = line.split("\t", -1);
            resultsByRow
                    .computeIfAbsent(parts[0], unused -> new TreeMap<>())
                    .merge(parts[1], Result.valueOf(parts[2]), Result::worse);
        }
    }

    boolean isEmpty() {
        return resultsByRow.isEmpty();
    }

    /** Render the page. The same results give the same page, byte for byte: it has neither times nor durations. */
    synchronized String render(List<Obligation> obligations) {
        return """
                # What is promised, and the test that holds it

                Written by the build when all tests on the engine ran; not to be edited. The promises stand in
                [obligations.md](obligations.md), and a test names those it proves with `@Row`. One that no test names
                is a **GAP**.

                %s

                | id | obligation | test | result |
                |---|---|---|---|
                %s
                """
                .formatted(
                        summary(obligations),
                        obligations.stream().map(this::line).collect(Collectors.joining("\n")));
    }

    private String summary(List<Obligation> obligations) {
        long passed = obligations.stream().filter(this::allPassed).count();
        long gaps = obligations.stream()
                .filter(obligation -> resultsOf(obligation).isEmpty())
                .count();
        return "%d obligations: %d held by tests that passed, %d with a test that did not pass or run, %d gaps."
                .formatted(obligations.size(), passed, obligations.size() - passed - gaps, gaps);
    }

    private String line(Obligation obligation) {
        var results = resultsOf(obligation);
        if (results.isEmpty()) {
            return "| `%s` | %s | | **GAP** |".formatted(obligation.id(), obligation.text());
        }
        var tests = results.keySet().stream().map(test -> "`" + test + "`").toList();
        var outcomes = results.values().stream().map(Result::toString).toList();
        return "| `%s` | %s | %s | %s |"
                .formatted(
                        obligation.id(),
                        obligation.text(),
                        String.join("<br>", tests),
                        allPassed(obligation) ? Result.PASSED : String.join("<br>", outcomes));
    }

    private boolean allPassed(Obligation obligation) {
        var results = resultsOf(obligation);
        return !results.isEmpty() && results.values().stream().allMatch(Result.PASSED::equals);
    }

    private Map<String, Result> resultsOf(Obligation obligation) {
        return resultsByRow.getOrDefault(obligation.id(), Map.of());
    }
}
