package dev.withstack.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One thing that a stack promises, as it stands in {@code docs/obligations.md}. */
record Obligation(String id, String text) {

    private static final Pattern ROW = Pattern.compile("\\|\\s*`([^`]*)`\\s*\\|\\s*(.+?)\\s*\\|\\s*");

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+");

    /** Read the rows of all tables in a file, in their order. Whatever does not begin with an id in backticks is prose. */
    static List<Obligation> readAll(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        var obligations = new LinkedHashMap<String, Obligation>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher row = ROW.matcher(lines.get(i));
            if (!row.matches()) {
                continue;
            }
            String place = file.getFileName() + ":" + (i + 1);
            var obligation = new Obligation(row.group(1), row.group(2));
            if (!ID.matcher(obligation.id()).matches()) {
                throw new IllegalArgumentException(place + ": '" + obligation.id()
                        + "' is no id. Write a group, a dot and a name in small letters, like frostbyte.redis.");
            }
            if (obligations.putIfAbsent(obligation.id(), obligation) != null) {
                throw new IllegalArgumentException(
                        place + ": '" + obligation.id() + "' stands twice. Give one of the two another id.");
            }
        }
        return List.copyOf(obligations.values());
    }
}
