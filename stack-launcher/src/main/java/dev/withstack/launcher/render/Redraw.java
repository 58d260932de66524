package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Draws a live table ten times a second until it is closed. */
public final class Redraw implements Rendering {
    private static final int PAUSE = 100;

    private final TerminalProgress progress;
    private final ScheduledExecutorService ticker;

    public Redraw(TerminalProgress progress) {
        this.progress = progress;
        this.ticker = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "withstack-screen");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = ticker.scheduleWithFixedDelay(progress::draw, PAUSE, PAUSE, TimeUnit.MILLISECONDS);
    }

    @Override
    public void accept(StackEvent event) {
        progress.accept(event);
    }

    @Override
    public void close() {
        ticker.shutdownNow();
        progress.close();
    }
}
