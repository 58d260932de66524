package dev.withstack.core.export;

import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.StackId;
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

    /** The directory of an export that holds what its stack stands on. */
    public static final String BASE = "base";

    private static final String HEAD = ", written by withstack: change the stack there and export it again.";
    private static final String HEAD_OF_SECRETS = "# Secrets of ";

    /** Return an export's main file, whose first line tells what it is. */
    static File main(StackId id, String text) {
        return new File("# " + id + HEAD + "\n" + text, Readers.EVERYBODY);
    }

    /** Return the first line of the file with an export's secrets. */
    static String headOfSecrets(StackId id) {
        return HEAD_OF_SECRETS + id + ": keep them out of version control.\n";
    }

    /** Tell whether an export has written this text of its main file, or of the file with its secrets. */
    public static boolean hasWritten(String text) {
        String first = text.lines().findFirst().orElse("");
        return first.endsWith(HEAD) || first.startsWith(HEAD_OF_SECRETS);
    }

    /** One file, and who may read it. */
    public record File(String text, Readers readers) {

        /** Return a file for everybody, who may run it if it begins as a program does. */
        static File readable(String text) {
            return new File(text, text.startsWith("#!") ? Readers.EVERYBODY_RUNS : Readers.EVERYBODY);
        }
    }

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
