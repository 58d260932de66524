package dev.withstack.core.driver.process;

import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.plan.Observed.State;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Notices what becomes of processes that another launcher keeps. For one thread at a time. */
final class Onlooker {
    private final ProcessStore store;
    private final Clock clock;
    private final Consumer<ContainerEvent> listener;
    private final Map<String, ProcessRecord> before = new LinkedHashMap<>();

    Onlooker(ProcessStore store, Clock clock, Consumer<ContainerEvent> listener) {
        this.store = store;
        this.clock = clock;
        this.listener = listener;
        store.all().forEach(record -> before.put(record.service(), record));
    }

    /** Tell the listener what has happened since it was looked last. */
    void look() {
        boolean isKept = store.keeper().isPresent();
        for (ProcessRecord record : store.all()) {
            ProcessRecord now = record.seen(isKept);
            ProcessRecord then = before.put(now.service(), now);
            boolean isAnother = then == null
                    || then.launches() != now.launches()
                    || !then.id().equals(now.id());
            if (now.state() == State.RUNNING && isAnother) {
                listener.accept(new ContainerEvent.Started(now.service(), now.id()));
            } else if (now.state() != State.RUNNING
                    && then != null
                    && (then.state() == State.RUNNING || isAnother)
                    && now.state() != State.CREATED) {
                listener.accept(new ContainerEvent.Died(
                        now.service(), now.id(), now.exitCode(), now.changedAt().orElse(clock.instant())));
            }
        }
    }
}
