package dev.withstack.core.model;

import java.util.Comparator;

/** How versions such as {@code 0.91.0} compare. */
final class Versions {
    /** Number by number; what is missing counts as 0, and so does what is no number. */
    static final Comparator<String> OLDEST_FIRST = Versions::compare;

    private Versions() {}

    private static int compare(String one, String other) {
        String[] ones = one.split("\\.");
        String[] others = other.split("\\.");
        for (int i = 0; i < Math.max(ones.length, others.length); i++) {
            int order = Integer.compare(number(ones, i), number(others, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int number(String[] parts, int position) {
        return position < parts.length && parts[position].matches("\\d{1,9}") ? Integer.parseInt(parts[position]) : 0;
    }
}
