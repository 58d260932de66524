package dev.withstack.launcher.command;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a command has to do with the process it runs in: Ctrl-C, and other programs at the same terminal. */
public interface Foreground {

    /**
     * Interrupt the calling thread at the first Ctrl-C, and end the process at the second, until closed. A signal to
     * end interrupts too; the process then waits until this is closed.
     *
     * @param onFirst is told at the first, on another thread
     * @param onForced is told at the second, just before the end
     */
    Watch interruptedBy(Runnable onFirst, Runnable onForced);

    /**
     * Run another program at our terminal and wait for its end; Ctrl-C is its own affair.
     *
     * @param environment is added to our own
     * @return its exit code
     */
    int handOver(List<String> command, Map<String, String> environment) throws IOException, InterruptedException;

    /** The time during which Ctrl-C is watched. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
