package dev.withstack.launcher.scenario;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A run of the launcher that goes on. Closing it kills it if it still runs. */
public final class LiveRun implements AutoCloseable {
    private final List<String> command;
    private final Process process;
    private final Consumer<Run> whenEnded;
    private final Instant beginning = Instant.now();
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private final Thread outReader;
    private final Thread errReader;

    LiveRun(List<String> command, Process process, Consumer<Run> whenEnded) {
        this.command = command;
        this.process = process;
        this.whenEnded = whenEnded;
        this.outReader = reader(process.getInputStream(), out);
        this.errReader = reader(process.getErrorStream(), err);
    }

    /** Return a run of this process, which was started just now. */
    public static LiveRun of(List<String> command, Process process) {
        return new LiveRun(command, process, run -> {});
    }

    public long pid() {
        return process.pid();
    }

    /** Return the process's standard input. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** Return what has been printed so far, to both streams. */
    public String printed() {
        synchronized (out) {
            return out.toString() + err;
        }
    }

    /** Wait until the text has been printed, to either stream. */
    public LiveRun awaitOutput(String text, Duration longest) throws InterruptedException {
        Instant end = Instant.now().plus(longest);
        synchronized (out) {
            while (!printed().contains(text)) {
                long left = Duration.between(Instant.now(), end).toMillis();
                boolean isOver = !process.isAlive() && !outReader.isAlive() && !errReader.isAlive();
                if (left <= 0 || isOver) {
                    throw new AssertionError("'" + text + "' was not printed "
                            + (isOver ? "before the end" : "within " + longest.toSeconds() + " s") + ":\n" + printed());
                }
                out.wait(Math.min(left, 1000));
            }
        }
        return this;
    }

    /** Do what Ctrl-C does. */
    public LiveRun interrupt() {
        return signal("INT");
    }

    /** End it at once, as {@code kill -9} does. */
    public LiveRun kill() {
        process.destroyForcibly();
        return this;
    }

    /** Send a signal such as {@code TERM}. */
    public LiveRun signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return this;
        }
    }

    /** Wait for the end. */
    public Run await(Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("stack " + String.join(" ", command) + " did not end within " + longest.toSeconds()
                    + " s:\n" + printed());
        }
        outReader.join();
        errReader.join();
        Run run;
        synchronized (out) {
            run = new Run(
                    command,
                    process.exitValue(),
                    out.toString(),
                    err.toString(),
                    Duration.between(beginning, Instant.now()));
        }
        whenEnded.accept(run);
        return run;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Thread reader(InputStream stream, StringBuilder into) {
        Thread thread = new Thread(() -> read(stream, into), "launcher-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void read(InputStream stream, StringBuilder into) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (out) {
                    into.append(line).append('\n');
                    out.notifyAll();
                }
            }
        } catch (IOException e) {
            // the process was killed in the middle of a line
        } finally {
            synchronized (out) {
                out.notifyAll();
            }
        }
    }
}
