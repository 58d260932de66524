package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.PlannedStep;
import dev.withstack.core.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What each service is doing, put together from the events so far. Not safe for use by several threads. */
final class ProgressBoard {
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<Integer, String> awaited = new LinkedHashMap<>();
    private final Set<Integer> done = new HashSet<>();
    private Plan plan = new Plan(List.of(), List.of());

    /** What a service is doing. */
    enum State {
        PLANNED("planned"),
        PULLING("pulling"),
        BUILDING("building"),
        PREPARING("preparing"),
        CREATING("creating"),
        CREATED("created"),
        STARTING("starting"),
        STARTED("started"),
        ASKING("asking"),
        READY("ready"),
        STOPPING("stopping"),
        STOPPED("stopped"),
        REMOVING("removing"),
        REMOVED("removed"),
        FAILED("failed"),
        TAKEN_BACK("taken back");

        private final String text;

        State(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /**
     * One service.
     *
     * @param detail the last answer of its probe, or how its image comes along
     * @param began when the first thing was done for it
     * @param ended when it was ready, stopped or failed
     */
    record Row(String service, State state, String detail, Optional<Instant> began, Optional<Instant> ended) {

        Row to(State next) {
            return new Row(service, next, "", began, ended);
        }

        Row to(State next, String why) {
            return new Row(service, next, why, began, ended);
        }

        Row beganAt(Instant at) {
            return began.isPresent() ? this : new Row(service, state, detail, Optional.of(at), ended);
        }

        Row endedAt(Instant at) {
            return new Row(service, state, detail, began, Optional.of(at));
        }

        /** Return how long it has been worked on. */
        Optional<Duration> took(Instant now) {
            return began.map(from -> Duration.between(from, ended.orElse(now)));
        }
    }

    void accept(StackEvent event) {
        if (event instanceof StackEvent.Planned planned) {
            take(planned.plan());
        } else if (event instanceof StackEvent.StepStarted started) {
            begin(started.step(), started.at());
        } else if (event instanceof StackEvent.StepProgress progress) {
            change(progress.step(), row -> row.to(row.state(), progress.text()));
        } else if (event instanceof StackEvent.StepDone completed) {
            complete(completed.step(), completed.at());
        } else if (event instanceof StackEvent.NotReady notReady) {
            change(notReady.service(), row -> row.to(State.ASKING, notReady.reason()));
        } else if (event instanceof StackEvent.Failed failed) {
            change(
                    failed.diagnosis().service(),
                    row -> row.to(State.FAILED, failed.diagnosis().cause()).endedAt(failed.at()));
        } else if (event instanceof StackEvent.RolledBack back) {
            List<String> takenBack = new ArrayList<>(back.services());
            takenBack.addAll(back.broughtBack());
            takenBack.forEach(
                    service -> change(service, row -> row.state() == State.FAILED ? row : row.to(State.TAKEN_BACK)));
        }
    }

    List<Row> rows() {
        return List.copyOf(rows.values());
    }

    boolean changesAnything() {
        return !plan.changes().isEmpty();
    }

    /** Return the services whose readiness this one still waits for. */
    List<String> waitsFor(String service) {
        Set<String> names = new LinkedHashSet<>();
        for (PlannedStep planned : plan.steps()) {
            boolean isItsStart = planned.step() instanceof Step.StartContainer start
                    && start.service().equals(service);
            if (isItsStart && !done.contains(planned.number())) {
                planned.after().stream()
                        .filter(number -> !done.contains(number) && awaited.containsKey(number))
                        .forEach(number -> names.add(awaited.getOrDefault(number, "")));
            }
        }
        return List.copyOf(names);
    }

    private void take(Plan next) {
        plan = next;
        done.clear();
        awaited.clear();
        for (PlannedStep planned : next.steps()) {
            if (planned.step() instanceof Step.OfService step) {
                rows.put(
                        step.service(), new Row(step.service(), State.PLANNED, "", Optional.empty(), Optional.empty()));
            }
            if (planned.step() instanceof Step.AwaitReady await) {
                awaited.put(planned.number(), await.service());
            }
        }
    }

    private void begin(PlannedStep planned, Instant at) {
        change(planned, row -> row.to(stateDuring(planned.step(), row.state())).beganAt(at));
    }

    private void complete(PlannedStep planned, Instant at) {
        done.add(planned.number());
        change(planned, row -> {
            State next = stateAfter(planned.step(), row.state());
            boolean isEnd = next == State.READY || next == State.STOPPED || next == State.REMOVED;
            return isEnd ? row.to(next).endedAt(at) : row.to(next);
        });
    }

    private static State stateDuring(Step step, State before) {
        if (step instanceof Step.PullImage) {
            return State.PULLING;
        } else if (step instanceof Step.BuildImage) {
            return State.BUILDING;
        } else if (step instanceof Step.Prepare || step instanceof Step.KeepInitialData) {
            return State.PREPARING;
        } else if (step instanceof Step.CreateVolume || step instanceof Step.CreateContainer) {
            return State.CREATING;
        } else if (step instanceof Step.StartContainer) {
            return State.STARTING;
        } else if (step instanceof Step.AwaitReady) {
            return State.ASKING;
        } else if (step instanceof Step.StopContainer) {
            return State.STOPPING;
        } else if (step instanceof Step.RemoveContainer) {
            return State.REMOVING;
        }
        return before;
    }

    private static State stateAfter(Step step, State before) {
        if (step instanceof Step.PullImage
                || step instanceof Step.BuildImage
                || step instanceof Step.KeepInitialData
                || step instanceof Step.Prepare) {
            return State.PLANNED;
        } else if (step instanceof Step.CreateContainer) {
            return State.CREATED;
        } else if (step instanceof Step.StartContainer) {
            return State.STARTED;
        } else if (step instanceof Step.AwaitReady) {
            return State.READY;
        } else if (step instanceof Step.StopContainer) {
            return State.STOPPED;
        } else if (step instanceof Step.RemoveContainer) {
            return State.REMOVED;
        }
        return before;
    }

    private void change(PlannedStep planned, java.util.function.UnaryOperator<Row> change) {
        if (planned.step() instanceof Step.OfService step) {
            change(step.service(), change);
        }
    }

    private void change(String service, java.util.function.UnaryOperator<Row> change) {
        rows.computeIfPresent(service, (name, row) -> change.apply(row));
    }
}
