package dev.withstack.core.settings;

/** A value that was set, and where. The value may be a secret: only {@link Settings} knows. */
public record Setting(String name, String value, Origin origin) {
    @Override
    public String toString() {
        return name + " from " + origin;
    }
}
