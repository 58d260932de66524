package dev.withstack.core.plan;

import dev.withstack.core.plan.Step.AwaitReady;
import dev.withstack.core.plan.Step.BuildImage;
import dev.withstack.core.plan.Step.KeepInitialData;
import dev.withstack.core.plan.Step.PullImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What will be done, in order, and why. Steps stand behind those they wait for. Immutable.
 *
 * @param notes what a person should know besides
 */
public record Plan(List<PlannedStep> steps, List<String> notes) {
    public Plan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** Return the steps that change something; waiting for what runs already changes nothing. */
    public List<PlannedStep> changes() {
        return steps.stream()
                .filter(planned -> !(planned.step() instanceof AwaitReady))
                .toList();
    }

    /** Return only the steps that bring images: everything else is planned anew once they are there. */
    public Plan images() {
        return new Plan(
                steps.stream()
                        .filter(planned -> planned.step() instanceof PullImage || planned.step() instanceof BuildImage)
                        .toList(),
                List.of());
    }

    /** Return only the steps that keep initial data: once they are done, volumes are made from it. */
    public Plan keeping() {
        return new Plan(
                steps.stream()
                        .filter(planned -> planned.step() instanceof KeepInitialData)
                        .toList(),
                List.of());
    }

    /** Return one plan of both, in which all of the other one comes after all of this one. */
    public Plan then(Plan next) {
        List<PlannedStep> all = new ArrayList<>(steps);
        List<Integer> ends = ends();
        for (PlannedStep planned : next.steps) {
            List<Integer> after = planned.after().isEmpty()
                    ? ends
                    : planned.after().stream()
                            .map(number -> number + steps.size())
                            .toList();
            all.add(new PlannedStep(planned.number() + steps.size(), planned.step(), planned.cause(), after));
        }
        List<String> both = new ArrayList<>(notes);
        both.addAll(next.notes);
        return new Plan(all, both);
    }

    /** Return the steps that no other waits for. */
    private List<Integer> ends() {
        Set<Integer> waitedFor = new HashSet<>();
        steps.forEach(planned -> waitedFor.addAll(planned.after()));
        return steps.stream()
                .map(PlannedStep::number)
                .filter(number -> !waitedFor.contains(number))
                .toList();
    }

    /** Return the plan as text: number, step, cause, and the steps it waits for. */
    public String text() {
        int width = steps.stream()
                .mapToInt(planned -> planned.step().text().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        if (changes().isEmpty()) {
            lines.add("Nothing to change.");
        }
        for (PlannedStep planned : steps) {
            String after = planned.after().isEmpty()
                    ? ""
                    : "  after " + planned.after().stream().map(String::valueOf).collect(Collectors.joining(", "));
            lines.add("%3d  %s  %s%s"
                    .formatted(planned.number(), pad(planned.step().text(), width), planned.cause(), after));
        }
        notes.forEach(note -> lines.add("note: " + note));
        return String.join("\n", lines) + "\n";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** Collects steps; numbers are given in the order of adding. */
    static final class Builder {
        private final List<PlannedStep> steps = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();

        int add(Step step, String cause, List<Integer> after) {
            int number = steps.size() + 1;
            steps.add(new PlannedStep(
                    number, step, cause, after.stream().sorted().distinct().toList()));
            return number;
        }

        /** Return the steps that no other waits for yet. */
        List<Integer> lastSteps() {
            Set<Integer> waitedFor =
                    steps.stream().flatMap(planned -> planned.after().stream()).collect(Collectors.toSet());
            return steps.stream()
                    .map(PlannedStep::number)
                    .filter(number -> !waitedFor.contains(number))
                    .toList();
        }

        void note(String note) {
            notes.add(note);
        }

        Plan build() {
            return new Plan(steps, notes);
        }
    }
}
