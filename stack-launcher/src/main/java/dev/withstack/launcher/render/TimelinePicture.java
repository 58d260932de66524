package dev.withstack.launcher.render;

import dev.withstack.core.engine.StartTimes;
import dev.withstack.core.engine.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws a start as an SVG image that needs nothing else: a row a service, with a bar from its start to its readiness, and
 * a line from the last service that it waited for.
 */
public final class TimelinePicture {
    private static final int MARGIN = 20;
    private static final int HEAD = 62;
    private static final int ROW = 30;
    private static final int BAR = 16;
    private static final int CHART = 760;
    private static final int TAIL = 90;
    private static final int SCALES = 8;
    private static final double LETTER = 7.3;

    private final String title;
    private final StartTimes times;
    private final List<Timeline.Entry> rows;
    private final List<Timeline.Entry> path;
    private final int left;
    private final double longest;

    /** @param title whose start it is */
    public TimelinePicture(String title, StartTimes times) {
        this.title = title;
        this.times = times;
        this.rows = List.copyOf(times.timeline().entries().values());
        this.path = times.timeline().criticalPath();
        int widest = rows.stream().mapToInt(row -> row.service().length()).max().orElse(0);
        this.left = MARGIN + (int) (widest * LETTER) + 16;
        this.longest = Math.max(seconds(times.timeline().total()), 0.001);
    }

    /** Return the image. */
    public String text() {
        int width = left + CHART + TAIL;
        int height = HEAD + rows.size() * ROW + 2 * MARGIN;
        StringBuilder svg = new StringBuilder(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <title>%s</title>
                <style>
                  text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12px; fill: #1f2933 }
                  .title { font-size: 15px; font-weight: bold } .decided { font-weight: bold } .small { fill: #616e7c }
                  .axis { stroke: #e4e7eb } .image { fill: #b8c4ce } .bar { fill: #7cb98b } .slow { fill: #e08e3c }
                  .wait { stroke: #9aa5b1; stroke-dasharray: 3 3; fill: none } .slow-wait { stroke: #e08e3c; fill: none }
                </style>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """
                        .formatted(width, height, width, height, escaped(heading())));
        text(svg, MARGIN, MARGIN + 14, "title", heading());
        axis(svg);
        rows.forEach(row -> waits(svg, row));
        rows.forEach(row -> bars(svg, row));
        text(svg, MARGIN, height - MARGIN + 6, "small", legend());
        return svg.append("</svg>\n").toString();
    }

    String heading() {
        return title + ": ready in " + Times.text(times.timeline().total());
    }

    private String legend() {
        return "Orange: what decided the whole. Green: from its start to ready. Line: what it waited for longest."
                + (times.images().isEmpty() ? "" : " Grey: its image.");
    }

    private void axis(StringBuilder svg) {
        int bottom = HEAD + rows.size() * ROW;
        for (double mark : marks()) {
            int x = x(mark);
            svg.append("<path class=\"axis\" d=\"M%d %d V%d\"/>\n".formatted(x, HEAD - 8, bottom));
            text(svg, x - 8, HEAD - 12, "small", number(mark));
        }
        text(svg, left + CHART + 40, HEAD - 12, "small", "s");
    }

    /** Return round numbers of seconds, not more than fit. */
    private List<Double> marks() {
        double step = 0.001;
        for (int i = 0; longest / step > SCALES; i++) {
            step *= i % 3 == 1 ? 2.5 : 2;
        }
        List<Double> marks = new ArrayList<>();
        for (int i = 0; i * step <= longest; i++) {
            marks.add(i * step);
        }
        return marks;
    }

    private void bars(StringBuilder svg, Timeline.Entry row) {
        int y = y(row);
        boolean hasDecided = path.contains(row);
        text(svg, MARGIN, y + 12, hasDecided ? "decided" : "", row.service());
        StartTimes.Span image = times.images().get(row.service());
        if (image != null) {
            bar(svg, y, "image", image.from(), image.to(), row.service() + ": image " + Times.text(image.took()));
        }
        boolean wasStarted = times.started().contains(row.service());
        if (wasStarted) {
            bar(svg, y, hasDecided ? "slow" : "bar", row.started(), row.ready(), tip(row));
        }
        text(svg, x(seconds(row.ready())) + 6, y + 12, "small", wasStarted ? Times.text(row.took()) : "ran already");
    }

    private static String tip(Timeline.Entry row) {
        return row.service() + ": started at " + Times.text(row.started()) + ", ready at " + Times.text(row.ready())
                + (row.waitedFor().isEmpty() ? "" : "; waited for " + String.join(", ", row.waitedFor()));
    }

    private void bar(StringBuilder svg, int y, String style, Duration from, Duration to, String tip) {
        int x = x(seconds(from));
        svg.append("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"><title>%s</title></rect>\n"
                .formatted(style, x, y, Math.max(2, x(seconds(to)) - x), BAR, escaped(tip)));
    }

    /** Draw a line from the end of the last of those that it waited for to its own beginning. */
    private void waits(StringBuilder svg, Timeline.Entry row) {
        if (!times.started().contains(row.service())) {
            return;
        }
        rows.stream()
                .filter(other -> row.waitedFor().contains(other.service()))
                .reduce((one, other) -> other.ready().compareTo(one.ready()) >= 0 ? other : one)
                .ifPresent(last -> svg.append("<path class=\"%s\" d=\"M%d %d V%d H%d\"/>\n"
                        .formatted(
                                path.contains(row) && path.contains(last) ? "slow-wait" : "wait",
                                x(seconds(last.ready())),
                                y(last) + BAR / 2,
                                y(row) + BAR / 2,
                                x(seconds(row.started())))));
    }

    private int x(double seconds) {
        return left + (int) Math.round(seconds / longest * CHART);
    }

    private int y(Timeline.Entry row) {
        return HEAD + rows.indexOf(row) * ROW + (ROW - BAR) / 2;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String number(double seconds) {
        String text = String.format(Locale.ROOT, "%.3f", seconds);
        return text.replaceFirst("\\.?0+$", "");
    }

    private static void text(StringBuilder svg, int x, int y, String style, String text) {
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, escaped(text)));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
