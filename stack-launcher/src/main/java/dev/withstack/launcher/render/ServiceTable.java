package dev.withstack.launcher.render;

import dev.withstack.core.plan.ImageUse;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Style;
import dev.withstack.launcher.console.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows services as a table or as JSON. */
public final class ServiceTable {
    private static final String UNWATCHED = "–";

    private ServiceTable() {}

    /** Return the table, a line for each address, cut to the columns there are. */
    public static List<String> lines(List<ServiceRow> rows, Style style, int columns) {
        Table table = new Table("SERVICE", "STATE", "HEALTH", "ADDRESS", "TOOK", "KIND", "IMAGE", "STATUS");
        for (ServiceRow row : rows) {
            List<String> addresses = row.addresses().isEmpty() ? List.of("") : row.addresses();
            table.row(
                    style.bold(row.service()),
                    coloured(row.state(), style),
                    row.health().isEmpty() ? UNWATCHED : coloured(row.health(), style),
                    addresses.get(0),
                    row.took().map(Times::text).orElse(""),
                    kind(row, style),
                    row.imageText(),
                    row.status());
            addresses.stream().skip(1).forEach(address -> table.row("", "", "", address, "", "", "", ""));
        }
        List<String> lines = new ArrayList<>();
        table.lines(style).forEach(line -> lines.add(columns == Integer.MAX_VALUE ? line : Style.fit(line, columns)));
        return lines;
    }

    /** Return a remark on the services that nothing inside their containers watches; empty if there are none. */
    public static String footnote(List<ServiceRow> rows) {
        List<String> unwatched = rows.stream()
                .filter(row -> row.health().isEmpty() && row.state().equals("running"))
                .map(ServiceRow::service)
                .toList();
        return unwatched.isEmpty()
                ? ""
                : UNWATCHED + " no check inside the container of " + String.join(", ", unwatched)
                        + ": probed from outside only; ask with 'check'";
    }

    /** Return the fields of a service. */
    public static Map<String, Object> fields(ServiceRow row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "service");
        fields.put("service", row.service());
        fields.put("state", row.state());
        fields.put("health", row.health().isEmpty() ? "unwatched" : row.health());
        fields.put("addresses", row.addresses());
        row.image().ifPresent(use -> {
            Map<String, Object> image = new LinkedHashMap<>();
            image.put("asked", use.asked());
            image.put("used", use.used());
            image.put("standing", use.standingText());
            image.put("note", use.note());
            fields.put("image", image);
        });
        row.took().ifPresent(took -> fields.put("seconds", JsonText.seconds(took)));
        fields.put("status", row.status());
        return fields;
    }

    private static String kind(ServiceRow row, Style style) {
        boolean isStandIn = row.image()
                .map(use -> use.standing() == ImageUse.Standing.STAND_IN)
                .orElse(false);
        return isStandIn ? style.yellow(row.kindText()) : row.kindText();
    }

    private static String coloured(String word, Style style) {
        return switch (word) {
            case "running", "healthy", "ready" -> style.green(word);
            case "exited", "dead", "unhealthy", "cut off" -> style.red(word);
            case "starting", "restarting", "paused", "created", "not started" -> style.yellow(word);
            default -> word;
        };
    }
}
