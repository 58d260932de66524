package dev.withstack.core.export;

import dev.withstack.core.export.Layout.Cell;
import dev.withstack.core.export.Layout.Way;
import dev.withstack.core.export.Picture.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws a stack as an SVG image that needs nothing else. */
public final class SvgPicture {
    private static final int MARGIN = 20;
    private static final int TITLE = 34;
    private static final int BOX_HEIGHT = 46;
    private static final int ROW = 16;
    private static final int BOX_GAP = 18;
    private static final int PASSING_HEIGHT = 10;
    private static final int COLUMN_GAP = 110;
    private static final double LETTER = 7.3;

    private final Picture picture;
    private final Layout layout;
    private final Map<Cell, Place> places = new HashMap<>();
    private final int width;
    private final int height;

    public SvgPicture(Picture picture) {
        this.picture = picture;
        this.layout = new Layout(picture);
        int tallest = layout.columns().stream().mapToInt(this::heightOf).max().orElse(0);
        int x = MARGIN;
        for (List<Cell> column : layout.columns()) {
            int columnWidth = widthOf(column);
            int y = MARGIN + TITLE + (tallest - heightOf(column)) / 2;
            for (Cell cell : column) {
                places.put(cell, new Place(x, y, columnWidth, heightOf(cell)));
                y += heightOf(cell) + BOX_GAP;
            }
            x += columnWidth + COLUMN_GAP;
        }
        width = Math.max(x - COLUMN_GAP + MARGIN, 2 * MARGIN + (int) (legend().length() * LETTER));
        height = MARGIN + TITLE + tallest + TITLE + MARGIN;
    }

    private record Place(int x, int y, int width, int height) {
        int middle() {
            return y + height / 2;
        }
    }

    /** Return the image. */
    public String text() {
        StringBuilder svg = new StringBuilder();
        svg.append(
                """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <title>%s</title>
                <style>
                  text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12px; fill: #1f2933 }
                  .name { font-weight: bold } .title { font-size: 15px; font-weight: bold } .small { fill: #616e7c }
                  .box { stroke: #9aa5b1 } .infrastructure { fill: #e6f1fb } .application { fill: #e9f7ec }
                  .beside { fill: #f4f4f4; stroke-dasharray: 4 3 }
                  .line { fill: none; stroke: #7b8794; stroke-width: 1.3 } .knows { stroke-dasharray: 5 4; stroke: #b08900 }
                </style>
                <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
                <path d="M0 0 L8 4 L0 8 z" fill="#7b8794"/></marker></defs>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """
                        .formatted(width, height, width, height, escaped(picture.title())));
        text(svg, MARGIN, MARGIN + 14, "title", picture.title());
        layout.ways().forEach(way -> line(svg, way));
        layout.columns()
                .forEach(column -> column.stream().filter(Cell::isService).forEach(cell -> box(svg, cell)));
        text(svg, MARGIN, height - MARGIN, "small", legend());
        return svg.append("</svg>\n").toString();
    }

    private String legend() {
        boolean isKnown = picture.lines().stream().anyMatch(line -> line.kind() == Kind.KNOWS);
        return "A → B: B waits until A is healthy, or what the line says."
                + (isKnown ? " Dashed: B has A's address and does not wait." : "");
    }

    private void box(StringBuilder svg, Cell cell) {
        Place place = placeOf(cell);
        svg.append("<rect class=\"box %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n"
                .formatted(picture.kind(cell.service()), place.x(), place.y(), place.width(), place.height()));
        text(svg, place.x() + 10, place.y() + 19, "name", nameLine(cell));
        List<String> texts = texts(cell);
        for (int i = 0; i < texts.size(); i++) {
            text(svg, place.x() + 10, place.y() + 19 + (i + 1) * ROW, "small", texts.get(i));
        }
    }

    private List<String> texts(Cell cell) {
        List<String> texts = new ArrayList<>(List.of(picture.source(cell.service())));
        String remark = picture.remark(cell.service());
        if (!remark.isEmpty()) {
            texts.add(remark);
        }
        picture.networks(cell.service()).forEach(network -> texts.add("on " + network));
        return texts;
    }

    private void line(StringBuilder svg, Way way) {
        List<Place> stops = way.cells().stream().map(this::placeOf).toList();
        StringBuilder path = new StringBuilder();
        for (int i = 0; i + 1 < stops.size(); i++) {
            Place from = stops.get(i);
            Place to = stops.get(i + 1);
            boolean isBesides = from.x() == to.x();
            int startX = from.x() + from.width();
            int endX = isBesides ? startX : to.x();
            int bend = isBesides ? startX + COLUMN_GAP / 2 : (startX + endX) / 2;
            path.append(i == 0 ? "M" : " L").append(startX).append(' ').append(from.middle());
            path.append(" C%d %d %d %d %d %d".formatted(bend, from.middle(), bend, to.middle(), endX, to.middle()));
        }
        boolean isForwards = way.cells().get(0).service().equals(way.line().to());
        svg.append("<path class=\"line%s\" d=\"%s\" marker-%s=\"url(#tip)\"/>\n"
                .formatted(way.line().kind() == Kind.KNOWS ? " knows" : "", path, isForwards ? "end" : "start"));
        if (!way.line().label().isEmpty()) {
            Place end = stops.get(stops.size() - 1);
            int x = end.x() - 8 - (int) (way.line().label().length() * LETTER);
            text(svg, x, end.middle() - 6, "small", way.line().label());
        }
    }

    private Place placeOf(Cell cell) {
        return places.getOrDefault(cell, new Place(0, 0, 0, 0));
    }

    private String nameLine(Cell cell) {
        return (cell.service() + "  " + picture.ports(cell.service())).strip();
    }

    private int widthOf(List<Cell> column) {
        List<String> texts = new ArrayList<>();
        column.stream().filter(Cell::isService).forEach(cell -> {
            texts.add(nameLine(cell));
            texts.addAll(texts(cell));
        });
        int longest = texts.stream().mapToInt(String::length).max().orElse(0);
        return (int) (longest * LETTER) + 22;
    }

    private int heightOf(List<Cell> column) {
        return column.stream().mapToInt(this::heightOf).sum() + BOX_GAP * (column.size() - 1);
    }

    private int heightOf(Cell cell) {
        return cell.isService() ? BOX_HEIGHT + (texts(cell).size() - 1) * ROW : PASSING_HEIGHT;
    }

    private static void text(StringBuilder svg, int x, int y, String style, String text) {
        svg.append("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n".formatted(style, x, y, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
