package dev.withstack.core.settings;

/**
 * A setting that a definition has asked for.
 *
 * @param usual what holds where nothing is given; empty for nothing
 * @param hazard what a development switch does that no release should; empty for other kinds
 */
public record Asked(String name, Kind kind, String usual, String hazard) {

    static Asked of(String name, Kind kind, String usual) {
        return new Asked(name, kind, usual, "");
    }

    /** What a value is, and so what is demanded of it and who may see it. */
    public enum Kind {
        /** A value that everybody may see. */
        PLAIN,
        /** A switch that is on for development only: a release refuses it. */
        DEVELOPMENT_SWITCH,
        /** A URL, which may hold a password. */
        URL,
        /** The password of a service, which has a known value in development. */
        PASSWORD,
        /** A key of the application's own: long, and made for each installation. */
        SECRET,
        /** A key that somebody else gives out, such as that of a paid service. */
        ISSUED;

        /** Tell whether the value is not to be shown. */
        public boolean isSecret() {
            return this == URL || this == PASSWORD || this == SECRET || this == ISSUED;
        }
    }

    @Override
    public String toString() {
        return name + " (" + kind + ")";
    }
}
