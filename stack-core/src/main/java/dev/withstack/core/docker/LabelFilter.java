package dev.withstack.core.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Select by labels, all of which must match. */
public record LabelFilter(List<String> terms) {

    public LabelFilter {
        terms = List.copyOf(terms);
    }

    /** Select everything. */
    public static LabelFilter none() {
        return new LabelFilter(List.of());
    }

    /** Select what has the label with this value. */
    public static LabelFilter label(String key, String value) {
        return none().and(key, value);
    }

    /** Select what has the label, with any value. */
    public static LabelFilter present(String key) {
        return none().andPresent(key);
    }

    /** Select what has the label with this value, too. */
    public LabelFilter and(String key, String value) {
        return with(key + "=" + value);
    }

    /** Select what has the label, with any value, too. */
    public LabelFilter andPresent(String key) {
        return with(key);
    }

    private LabelFilter with(String term) {
        List<String> more = new ArrayList<>(terms);
        more.add(term);
        return new LabelFilter(more);
    }

    /** Add the filter to the call, if it selects. */
    Call addTo(Call call) {
        return terms.isEmpty() ? call : call.query("filters", Json.text(Map.of("label", terms)));
    }
}
