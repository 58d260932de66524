package dev.withstack.launcher.render;

import dev.withstack.core.engine.StartTimes;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Shows a start as one page that needs nothing else: its picture, and the table with the same numbers. */
public final class TimelinePage {
    private static final List<String> HEAD = List.of("Service", "Image", "Waited for", "Started", "Took", "Ready");

    private final TimelinePicture picture;
    private final StartTimes times;

    /** @param title whose start it is */
    public TimelinePage(String title, StartTimes times) {
        this.picture = new TimelinePicture(title, times);
        this.times = times;
    }

    /** Return the page. */
    public String text() {
        StringBuilder page = new StringBuilder(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <title>%s</title>
                <style>
                  body { font-family: system-ui, sans-serif; margin: 24px; color: #1f2933; background: #ffffff }
                  svg { max-width: 100%%; height: auto } table { border-collapse: collapse; margin-top: 24px }
                  th, td { text-align: left; padding: 4px 16px 4px 0; border-bottom: 1px solid #e4e7eb }
                </style>
                </head>
                <body>
                """
                        .formatted(TimelinePicture.escaped(picture.heading())));
        page.append(picture.text());
        page.append("<p>Started at ")
                .append(times.began().truncatedTo(ChronoUnit.SECONDS))
                .append(".</p>\n<table>\n");
        row(page, "th", HEAD);
        TimesTable.cells(times).forEach(cells -> row(page, "td", cells));
        return page.append("</table>\n</body>\n</html>\n").toString();
    }

    private static void row(StringBuilder page, String cell, List<String> texts) {
        page.append("<tr>");
        texts.forEach(text -> page.append('<')
                .append(cell)
                .append('>')
                .append(TimelinePicture.escaped(text.strip()))
                .append("</")
                .append(cell)
                .append('>'));
        page.append("</tr>\n");
    }
}
