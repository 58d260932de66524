package dev.withstack.core.export;

import dev.withstack.core.export.Picture.Line;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Gives every service of a picture a place, in columns from left to right, so that few lines cross: a line that passes a
 * column gets a place of its own there, and each column is put in the order of the places that its lines come from.
 * Deterministic.
 */
final class Layout {
    private static final int SWEEPS = 8;

    /** Something that has a place: a service, or a line on its way past other services. */
    record Cell(String service, int line) {
        boolean isService() {
            return line < 0;
        }
    }

    /** The cells that a line touches, from left to right. */
    record Way(Line line, List<Cell> cells) {}

    private final List<List<Cell>> columns = new ArrayList<>();
    private final List<Way> ways = new ArrayList<>();

    Layout(Picture picture) {
        Map<String, Integer> columnOf = new LinkedHashMap<>();
        List<List<String>> layers = picture.layers();
        for (int column = 0; column < layers.size(); column++) {
            List<Cell> cells = new ArrayList<>();
            for (String service : layers.get(column)) {
                columnOf.put(service, column);
                cells.add(new Cell(service, -1));
            }
            columns.add(cells);
        }
        List<Line> lines = picture.lines();
        for (int i = 0; i < lines.size(); i++) {
            ways.add(way(lines.get(i), i, columnOf));
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            sweep(sweep % 2 == 0 ? 1 : -1);
        }
    }

    /** Return the columns from left to right, each from top to bottom. */
    List<List<Cell>> columns() {
        return columns;
    }

    List<Way> ways() {
        return ways;
    }

    private Way way(Line line, int number, Map<String, Integer> columnOf) {
        int from = columnOf.getOrDefault(line.from(), 0);
        int to = columnOf.getOrDefault(line.to(), 0);
        boolean isBackwards = from < to;
        List<Cell> cells = new ArrayList<>();
        cells.add(new Cell(isBackwards ? line.from() : line.to(), -1));
        for (int column = Math.min(from, to) + 1; column < Math.max(from, to); column++) {
            Cell passing = new Cell("", number);
            columns.get(column).add(passing);
            cells.add(passing);
        }
        cells.add(new Cell(isBackwards ? line.to() : line.from(), -1));
        return new Way(line, cells);
    }

    /** Put each column in the order of its neighbours: on the left when going right (1), on the right when going left. */
    private void sweep(int direction) {
        int first = direction > 0 ? 1 : columns.size() - 2;
        for (int column = first; column >= 0 && column < columns.size(); column += direction) {
            List<Cell> cells = columns.get(column);
            Map<Cell, Double> middle = middles(column, column - direction);
            Map<Cell, Double> wanted = new HashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                wanted.put(cells.get(i), middle.getOrDefault(cells.get(i), centred(i, cells.size())));
            }
            cells.sort(Comparator.comparingDouble(cell -> wanted.getOrDefault(cell, 0.0)));
        }
    }

    /** Return for each cell of the column the mean place of its neighbours in the other column. */
    private Map<Cell, Double> middles(int column, int other) {
        List<Cell> neighbours = columns.get(other);
        Map<Cell, List<Double>> places = new HashMap<>();
        for (Way way : ways) {
            for (int i = 0; i + 1 < way.cells().size(); i++) {
                Cell left = way.cells().get(i);
                Cell right = way.cells().get(i + 1);
                Cell mine = column < other ? left : right;
                Cell theirs = column < other ? right : left;
                int place = neighbours.indexOf(theirs);
                if (place >= 0 && columns.get(column).contains(mine)) {
                    places.computeIfAbsent(mine, key -> new ArrayList<>()).add(centred(place, neighbours.size()));
                }
            }
        }
        Map<Cell, Double> middles = new HashMap<>();
        places.forEach((cell, values) -> middles.put(
                cell, IntStream.range(0, values.size()).mapToDouble(values::get).sum() / values.size()));
        return middles;
    }

    private static double centred(int place, int size) {
        return place - (size - 1) / 2.0;
    }
}
