package dev.withstack.launcher.render;

import dev.withstack.core.engine.StartTimes;
import dev.withstack.core.engine.Timeline;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Style;
import dev.withstack.launcher.console.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows the times of a start as a table or as JSON. */
public final class TimesTable {
    private static final String DECIDED = "▸ ";

    private TimesTable() {}

    /** Return the table; the services that decided the whole are marked. */
    public static List<String> lines(StartTimes times, Style style) {
        Table table = new Table("  SERVICE", "IMAGE", "WAITED FOR", "STARTED", "TOOK", "READY");
        cells(times).forEach(row -> {
            boolean hasDecided = row.get(0).startsWith(DECIDED);
            List<String> cells = new ArrayList<>(row);
            cells.set(0, hasDecided ? style.bold(row.get(0)) : row.get(0));
            table.row(cells.toArray(String[]::new));
        });
        return table.lines(style);
    }

    /** Return what stands in the table: service, image, what it waited for, started, took, ready. */
    static List<List<String>> cells(StartTimes times) {
        List<Timeline.Entry> path = times.timeline().criticalPath();
        List<List<String>> rows = new ArrayList<>();
        for (Timeline.Entry entry : times.timeline().entries().values()) {
            StartTimes.Span image = times.images().get(entry.service());
            boolean wasStarted = times.started().contains(entry.service());
            rows.add(List.of(
                    (path.contains(entry) ? DECIDED : "  ") + entry.service(),
                    image == null ? "" : Times.text(image.took()),
                    String.join(", ", entry.waitedFor()),
                    wasStarted ? "at " + Times.text(entry.started()) : "ran already",
                    wasStarted ? Times.text(entry.took()) : "",
                    wasStarted ? "at " + Times.text(entry.ready()) : ""));
        }
        return rows;
    }

    /** Return the fields of one service. */
    public static Map<String, Object> fields(StartTimes times, Timeline.Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "timing");
        fields.put("service", entry.service());
        StartTimes.Span image = times.images().get(entry.service());
        if (image != null) {
            fields.put("imageSeconds", JsonText.seconds(image.took()));
        }
        fields.put("waitedFor", entry.waitedFor());
        fields.put("ranAlready", !times.started().contains(entry.service()));
        fields.put("started", JsonText.seconds(entry.started()));
        fields.put("ready", JsonText.seconds(entry.ready()));
        fields.put("seconds", JsonText.seconds(entry.took()));
        return fields;
    }

    /** Return the fields of the whole: how long it took, and which services decided that. */
    public static Map<String, Object> fields(Timeline timeline) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("seconds", JsonText.seconds(timeline.total()));
        List<Map<String, Object>> path = new ArrayList<>();
        for (Timeline.Entry entry : timeline.criticalPath()) {
            Map<String, Object> link = new LinkedHashMap<>();
            link.put("service", entry.service());
            link.put("seconds", JsonText.seconds(entry.took()));
            path.add(link);
        }
        fields.put("criticalPath", path);
        return fields;
    }
}
