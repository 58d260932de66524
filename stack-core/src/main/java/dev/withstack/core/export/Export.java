package dev.withstack.core.export;

import dev.withstack.core.model.Ordered;
import java.util.List;
import java.util.Map;

/**
 * A stack written down for another engine.
 *
 * @param files what it consists of, by path relative to where it is put
 * @param losses what the other engine does not do as the stack means it
 */
public record Export(Map<String, File> files, List<Loss> losses) {
    public Export {
        files = Ordered.copyOf(files);
        losses = List.copyOf(losses);
    }

    /** One file, and who may read it. */
    public record File(String text, Readers readers) {}

    /** Who may read, or run, a file. */
    public enum Readers {
        EVERYBODY,
        /** It is a program. */
        EVERYBODY_RUNS,
        /** It holds secrets. */
        OWNER
    }

    /**
     * Something that could not be said in the language of the other engine.
     *
     * @param subject the service, or the stack
     * @param what is lost, and what holds instead
     */
    public record Loss(String subject, String what) {
        @Override
        public String toString() {
            return subject + ": " + what;
        }
    }
}
