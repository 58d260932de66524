package dev.withstack.launcher.console;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as what stands in them. Not safe for use by several threads. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... head) {
        this.head = List.of(head);
    }

    /** Add a row with as many cells as the head has. */
    public Table row(String... cells) {
        if (cells.length != head.size()) {
            throw new IllegalArgumentException(
                    "A row of " + cells.length + " cells does not fit a table of " + head.size() + " columns.");
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Return the table; a column in which no row has anything is left out. */
    public List<String> lines(Style style) {
        List<Integer> columns = new ArrayList<>();
        for (int column = 0; column < head.size(); column++) {
            int current = column;
            if (rows.stream().anyMatch(row -> !row.get(current).isEmpty())) {
                columns.add(column);
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.dim(line(head, columns)));
        rows.forEach(row -> lines.add(line(row, columns)));
        return lines;
    }

    private String line(List<String> cells, List<Integer> columns) {
        StringBuilder line = new StringBuilder();
        for (int column : columns) {
            String cell = cells.get(column);
            line.append(cell)
                    .append(" ".repeat(widthOf(column) - Style.width(cell)))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private int widthOf(int column) {
        int width = Style.width(head.get(column));
        for (List<String> row : rows) {
            width = Math.max(width, Style.width(row.get(column)));
        }
        return width;
    }
}
