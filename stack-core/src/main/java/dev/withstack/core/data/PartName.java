package dev.withstack.core.data;

import java.util.regex.Pattern;

/** What the names of buckets and collections of a part begin with. */
final class PartName {
    private static final Pattern OF_A_PART = Pattern.compile("part[0-9]+-.*");

    private PartName() {}

    static String prefix(int number) {
        return "part" + number + "-";
    }

    /** Tell whether what bears the name is a part's, rather than the server's own. */
    static boolean isOfAPart(String name) {
        return OF_A_PART.matcher(name).matches();
    }
}
