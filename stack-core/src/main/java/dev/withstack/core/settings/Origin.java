package dev.withstack.core.settings;

import dev.withstack.core.model.Environment;

/** Where a setting came from, as people name it: {@code --set}, {@code environment}, {@code .env:3}, {@code default}. */
public record Origin(String description) {
    public static final Origin COMMAND_LINE = new Origin("--set");
    public static final Origin PROCESS_ENVIRONMENT = new Origin("environment");
    public static final Origin DEFAULT = new Origin("default");

    /** The file that every environment reads. */
    public static final String SHARED_FILE = ".env";

    /** Return the name of the file that the environment alone reads. */
    public static String fileOf(Environment environment) {
        return SHARED_FILE + "." + environment.id();
    }

    /** Tell whether it is the file that every environment reads. */
    public boolean isSharedFile() {
        return description.startsWith(SHARED_FILE + ":");
    }

    static Origin line(String file, int line) {
        return new Origin(file + ":" + line);
    }

    @Override
    public String toString() {
        return description;
    }
}
