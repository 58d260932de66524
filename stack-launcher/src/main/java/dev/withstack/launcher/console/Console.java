package dev.withstack.launcher.console;

import dev.withstack.core.settings.Redaction;
import java.io.PrintStream;

/**
 * Where everything the launcher says goes through: the one place where secrets are masked. Thread-safe. Does not own
 * its streams.
 */
public final class Console {
    private final PrintStream out;
    private final PrintStream err;
    private final Style style;
    private final Style errorStyle;
    private volatile Redaction redaction = Redaction.NONE;

    public Console(PrintStream out, PrintStream err, Style style, Style errorStyle) {
        this.out = out;
        this.err = err;
        this.style = style;
        this.errorStyle = errorStyle;
    }

    /** Mask these secrets in everything that is printed from now on. */
    public void mask(Redaction secrets) {
        redaction = secrets;
    }

    /** Return how output is coloured. */
    public Style style() {
        return style;
    }

    /** Return how errors are coloured. */
    public Style errorStyle() {
        return errorStyle;
    }

    /** Print a line at once. */
    public void line(String text) {
        write(text + System.lineSeparator());
        flush();
    }

    /** Print a line that may stay in the buffer for a while. */
    public void bulk(String text) {
        write(text + System.lineSeparator());
    }

    /** Print characters as they are, control sequences among them. */
    public void print(String text) {
        write(text);
        flush();
    }

    /** Print a line with the secrets in it, because the user asked for them. */
    public void unmasked(String text) {
        synchronized (out) {
            out.println(text);
        }
        flush();
    }

    /** Print a line to the error stream. */
    public void error(String text) {
        synchronized (err) {
            err.println(redaction.apply(text));
            err.flush();
        }
    }

    /** Hand over what is still in the buffer. */
    public void flush() {
        synchronized (out) {
            out.flush();
        }
    }

    /** Tell whether nobody reads any more what is printed, as when {@code head} has seen enough. */
    public boolean isLost() {
        synchronized (out) {
            return out.checkError();
        }
    }

    private void write(String text) {
        String masked = redaction.apply(text);
        synchronized (out) {
            out.print(masked);
        }
    }
}
