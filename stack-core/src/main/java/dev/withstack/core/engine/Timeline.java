package dev.withstack.core.engine;

import dev.withstack.core.model.Ordered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When each service of a start was started and ready, counted from the beginning of the run.
 *
 * @param total from the beginning to the last service's readiness
 */
public record Timeline(Map<String, Entry> entries, Duration total) {
    static final Timeline NOTHING = new Timeline(Map.of(), Duration.ZERO);

    public Timeline {
        entries = Ordered.copyOf(entries);
    }

    /**
     * One service.
     *
     * @param waitedFor the services whose readiness its start waited for
     * @param started when its start was asked for
     * @param ready when its probe said Ready
     */
    public record Entry(String service, List<String> waitedFor, Duration started, Duration ready) {
        public Entry {
            waitedFor = List.copyOf(waitedFor);
        }

        /** Return how long it took from start to ready. */
        public Duration took() {
            return ready.minus(started);
        }
    }

    /** Return the timeline of both, the other one begun when this one had ended. */
    Timeline then(Timeline next) {
        Map<String, Entry> all = new LinkedHashMap<>(entries);
        next.entries.forEach((name, entry) -> all.put(
                name,
                new Entry(
                        entry.service(),
                        entry.waitedFor(),
                        entry.started().plus(total),
                        entry.ready().plus(total))));
        return new Timeline(all, total.plus(next.total));
    }

    /**
     * Return the chain of services that decided the total: the last one ready, before it the last one that it waited
     * for, and so on back to the beginning.
     */
    public List<Entry> criticalPath() {
        List<Entry> path = new ArrayList<>();
        Entry last = latest(entries);
        while (last != null) {
            path.add(last);
            Map<String, Entry> before = new LinkedHashMap<>();
            for (String name : last.waitedFor()) {
                Entry entry = entries.get(name);
                if (entry != null) {
                    before.put(name, entry);
                }
            }
            last = latest(before);
        }
        Collections.reverse(path);
        return path;
    }

    /** Of two that were ready at the same moment, the one that stands later in the plan decided. */
    private static @Nullable Entry latest(Map<String, Entry> entries) {
        Entry latest = null;
        for (Entry entry : entries.values()) {
            latest = latest == null || entry.ready().compareTo(latest.ready()) >= 0 ? entry : latest;
        }
        return latest;
    }
}
