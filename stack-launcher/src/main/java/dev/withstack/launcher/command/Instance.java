package dev.withstack.launcher.command;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What tells copies of one stack on one engine apart: two checkouts, or a test beside the stack that is worked with.
 *
 * @param name empty for the one that has the documents' names
 */
record Instance(String name) {
    static final String VARIABLE = "STACK_INSTANCE";

    private static final Pattern FIT = Pattern.compile("[a-z0-9]{0,20}");

    /** Read it from the process environment, so that every command in a terminal means the same copy. */
    static Instance of(Map<String, String> environment) {
        String name = environment.getOrDefault(VARIABLE, "");
        if (!FIT.matcher(name).matches()) {
            throw CommandFailedException.usage(
                    "'" + name + "' (" + VARIABLE
                            + " in the environment) can't be part of a container's name. Use small letters and digits, 20 at most.");
        }
        return new Instance(name);
    }
}
