package dev.withstack.core.model;

/**
 * One thing that is wrong with a definition or a setting.
 *
 * @param where the service or file and line
 * @param what what is wrong, with the value in quotes
 * @param fix what to do about it
 */
public record Problem(String where, String what, String fix) {
    @Override
    public String toString() {
        return where + ": " + what + (fix.isEmpty() ? "" : " " + fix);
    }
}
