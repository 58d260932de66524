package dev.withstack.launcher.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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

    /** Begin a part of the table under a title of its own. */
    public Table part(String title) {
        rows.add(List.of(title));
        return this;
    }

    private boolean isTitle(List<String> row) {
        return row.size() < head.size();
    }

    private Stream<String> cells(int column) {
        return rows.stream().filter(row -> !isTitle(row)).map(row -> row.get(column));
    }

    /** Return the table; a column in which no row has anything is left out. */
    public List<String> lines(Style style) {
        List<Integer> columns = new ArrayList<>();
        for (int column = 0; column < head.size(); column++) {
            if (cells(column).anyMatch(cell -> !cell.isEmpty())) {
                columns.add(column);
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.dim(line(head, columns)));
        for (List<String> row : rows) {
            if (isTitle(row)) {
                lines.addAll(List.of("", style.bold(row.get(0))));
            } else {
                lines.add(line(row, columns));
            }
        }
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
        return Stream.concat(Stream.of(head.get(column)), cells(column))
                .mapToInt(Style::width)
                .max()
                .orElse(0);
    }
}
