package dev.withstack.core.model;

import java.util.Locale;

/** How names are derived from names. */
public final class Names {

    private Names() {}

    /** Return the variable by which a user overrides something of a service: {@code PIPELINE_API_PORT}. */
    public static String variable(String service, String what) {
        return service.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + what;
    }
}
