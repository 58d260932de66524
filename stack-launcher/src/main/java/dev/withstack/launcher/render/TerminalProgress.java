package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.Style;
import dev.withstack.launcher.console.Terminal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table on a terminal, drawn anew in its place: what each service does, what it waits for or what its probe last
 * said, and for how long. Lines are cut to the terminal's width and not wrapped, so a resized terminal stays in order.
 * Whoever made it calls {@link #draw} several times a second.
 */
public final class TerminalProgress implements Rendering {
    private static final String HIDE_CURSOR = "\u001B[?25l";
    private static final String SHOW_CURSOR = "\u001B[?25h";
    private static final String NO_WRAP = "\u001B[?7l";
    private static final String WRAP = "\u001B[?7h";
    private static final String ERASE_BELOW = "\u001B[J";
    private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    /** What is over before this is not worth a table. */
    private static final Duration SHOWN_AFTER = Duration.ofMillis(250);

    private final Console console;
    private final Terminal terminal;
    private final Clock clock;
    private final ProgressBoard board = new ProgressBoard();
    private final List<String> drawn = new ArrayList<>();
    private @Nullable Instant beginning;
    private String headline = "";
    private int turn;
    private boolean isOver;
    private boolean isClosed;

    public TerminalProgress(Console console, Terminal terminal, Clock clock) {
        this.console = console;
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public synchronized void accept(StackEvent event) {
        if (beginning == null) {
            beginning = event.at();
        }
        board.accept(event);
        if (event instanceof StackEvent.Planned planned) {
            planned.plan().notes().forEach(note -> say("note: " + note));
        } else if (event instanceof StackEvent.Notice notice) {
            say(notice.text());
        } else if (event instanceof StackEvent.Restarted restarted) {
            say(RestartText.of(restarted));
        } else if (event instanceof StackEvent.Failed) {
            headline = "taking back what was begun";
        } else if (event instanceof StackEvent.RolledBack) {
            headline = "";
        } else if (event instanceof StackEvent.Finished) {
            isOver = true;
        }
    }

    /** Draw the table as it is now. */
    public synchronized void draw() {
        Instant now = clock.instant();
        boolean isDue = beginning != null && Duration.between(beginning, now).compareTo(SHOWN_AFTER) >= 0;
        if (!isClosed && isDue && board.changesAnything()) {
            redraw(now);
        }
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        if (!drawn.isEmpty()) {
            leave();
        }
        isClosed = true;
    }

    /** What has succeeded is told by the table that follows; else the last state stays on the screen. */
    private void leave() {
        if (isOver) {
            StringBuilder screen = new StringBuilder();
            erase(screen);
            console.print(screen + WRAP + SHOW_CURSOR);
        } else {
            redraw(clock.instant());
            console.print(WRAP + SHOW_CURSOR);
        }
    }

    /** Return what gives a terminal back its cursor, whatever state it was left in. */
    public static String restore() {
        return WRAP + SHOW_CURSOR;
    }

    private void say(String text) {
        StringBuilder screen = new StringBuilder();
        erase(screen);
        drawn.clear();
        console.print(screen + (screen.isEmpty() ? "" : restore()) + text + "\n");
    }

    private void redraw(Instant now) {
        Terminal.Size size = terminal.size();
        StringBuilder screen = new StringBuilder(HIDE_CURSOR + NO_WRAP);
        erase(screen);
        drawn.clear();
        for (String line : lines(now, size.rows() - 2)) {
            String fitted = Style.fit(line, size.columns() - 1);
            drawn.add(fitted);
            screen.append(fitted).append('\n');
        }
        turn++;
        console.print(screen.toString());
    }

    /** Go back over what was drawn; a terminal made narrower since has broken its lines into several rows. */
    private void erase(StringBuilder screen) {
        if (drawn.isEmpty()) {
            return;
        }
        int columns = Math.max(1, terminal.size().columns());
        int rows = 0;
        for (String line : drawn) {
            rows += Math.max(1, (Style.width(line) + columns - 1) / columns);
        }
        screen.append("\u001B[").append(rows).append("A\r").append(ERASE_BELOW);
    }

    private List<String> lines(Instant now, int room) {
        List<ProgressBoard.Row> rows = board.rows();
        int width = rows.stream().mapToInt(row -> row.service().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (ProgressBoard.Row row : rows) {
            lines.add(line(row, width, now));
        }
        if (lines.size() > Math.max(1, room)) {
            int shown = Math.max(1, room) - 1;
            lines.subList(shown, lines.size()).clear();
            lines.add(console.style().dim("  … and " + (rows.size() - shown) + " more"));
        }
        if (!headline.isEmpty()) {
            lines.add(console.style().yellow(headline + " …"));
        }
        return lines;
    }

    private String line(ProgressBoard.Row row, int width, Instant now) {
        Style style = console.style();
        Optional<Duration> took = row.took(now);
        List<String> waitsFor = board.waitsFor(row.service());
        boolean isHeldBack = !waitsFor.isEmpty()
                && (row.state() == ProgressBoard.State.CREATED || row.state() == ProgressBoard.State.PLANNED);
        String detail = isHeldBack ? "for " + String.join(", ", waitsFor) : row.detail();
        String state = isHeldBack ? "waiting" : row.state().text();
        return "%s %s  %s %s  %s"
                .formatted(
                        mark(row.state(), isHeldBack),
                        row.service() + " ".repeat(width - row.service().length()),
                        coloured(row.state(), "%-10s".formatted(state)),
                        style.dim("%6s".formatted(took.map(Times::text).orElse(""))),
                        detail)
                .stripTrailing();
    }

    private String mark(ProgressBoard.State state, boolean isHeldBack) {
        Style style = console.style();
        if (isHeldBack) {
            return style.dim("·");
        }
        return switch (state) {
            case PLANNED, CREATED -> style.dim("·");
            case READY, STOPPED, REMOVED -> style.green("✔");
            case FAILED -> style.red("✘");
            case TAKEN_BACK -> style.yellow("-");
            case PULLING, BUILDING, PREPARING, CREATING, STARTING, STARTED, ASKING, STOPPING, REMOVING ->
                style.cyan(String.valueOf(SPINNER.charAt(turn % SPINNER.length())));
        };
    }

    private String coloured(ProgressBoard.State state, String text) {
        Style style = console.style();
        return switch (state) {
            case READY, STOPPED, REMOVED -> style.green(text);
            case FAILED -> style.red(text);
            case TAKEN_BACK -> style.yellow(text);
            case PLANNED, CREATED -> style.dim(text);
            case PULLING, BUILDING, PREPARING, CREATING, STARTING, STARTED, ASKING, STOPPING, REMOVING ->
                style.cyan(text);
        };
    }
}
