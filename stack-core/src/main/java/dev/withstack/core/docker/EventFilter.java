package dev.withstack.core.docker;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Say which events are wanted; an empty list is no restriction.
 *
 * @param labels what the container (network, volume) must have
 * @param types {@code container}, {@code network}, ...
 * @param actions {@code die}, {@code health_status}, ...
 * @param since replay those from then on that the engine still holds (it keeps some 250), then go on
 */
public record EventFilter(LabelFilter labels, List<String> types, List<String> actions, Optional<Instant> since) {

    public EventFilter {
        types = List.copyOf(types);
        actions = List.copyOf(actions);
    }

    /** Ask for all events. */
    public static EventFilter all() {
        return new EventFilter(LabelFilter.none(), List.of(), List.of(), Optional.empty());
    }

    /** Ask for events of what has these labels. */
    public static EventFilter labelled(LabelFilter labels) {
        return new EventFilter(labels, List.of(), List.of(), Optional.empty());
    }

    /** Narrow to these types. */
    public EventFilter types(String... types) {
        return new EventFilter(labels, List.of(types), actions, since);
    }

    /** Narrow to these actions. */
    public EventFilter actions(String... actions) {
        return new EventFilter(labels, types, List.of(actions), since);
    }

    /** Replay from then on. */
    public EventFilter since(Instant instant) {
        return new EventFilter(labels, types, actions, Optional.of(instant));
    }

    Call addTo(Call call) {
        Map<String, List<String>> filters = new LinkedHashMap<>();
        put(filters, "label", labels.terms());
        put(filters, "type", types);
        put(filters, "event", actions);
        return filters.isEmpty() ? call : call.query("filters", Json.text(filters));
    }

    private static void put(Map<String, List<String>> filters, String name, List<String> values) {
        if (!values.isEmpty()) {
            filters.put(name, values);
        }
    }
}
