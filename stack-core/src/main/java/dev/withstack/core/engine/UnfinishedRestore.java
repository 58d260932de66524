package dev.withstack.core.engine;

import dev.withstack.core.model.StackId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A restore that was killed, or failed, while what was saved took the place of what was there.
 *
 * @param backup the backup's directory
 * @param begun when it began to
 * @param services those that it did not come to the end with, in the order in which it took them
 */
public record UnfinishedRestore(Path backup, Instant begun, List<String> services) {

    public UnfinishedRestore {
        services = List.copyOf(services);
    }

    /** Return those of the stack that were neither made good by another restore nor by destroying the data. */
    public static List<UnfinishedRestore> of(Path stateDirectory, StackId id) {
        return new RestoreMemory(stateDirectory, id).recall();
    }

    /** Return what is the matter, as a sentence. */
    public String text() {
        return "A restore of '" + backup + "' did not come to its end (" + begun + "): " + String.join(", ", services)
                + (services.size() == 1 ? " holds" : " hold") + " what was there before, or some of both.";
    }

    /** Return what to do about it. */
    public String fix() {
        return "run it again: restore " + backup;
    }
}
