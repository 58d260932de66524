package dev.withstack.core.export;

import dev.withstack.core.model.Names;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gives each secret of an export a variable to be referred to by, and collects what the variables hold: the setting that
 * the secret came from, or else the first place where it is used. Used by one thread.
 */
final class SecretNames {
    private static final String ENCODED = "_URL_ENCODED";

    private final Function<String, Optional<String>> settings;
    private final Map<String, String> byName = new LinkedHashMap<>();

    /** @param settings finds the setting that a secret came from */
    SecretNames(Function<String, Optional<String>> settings) {
        this.settings = settings;
    }

    /** Return the variable that holds the secret. */
    String of(String secret, String service, String place) {
        String wanted = settings.apply(secret)
                .or(() -> settings.apply(decoded(secret)).map(name -> name + ENCODED))
                .orElseGet(() -> Names.variable(service, place));
        String name = wanted;
        for (int i = 2; !secret.equals(byName.getOrDefault(name, secret)); i++) {
            name = wanted + "_" + i;
        }
        byName.put(name, secret);
        return name;
    }

    /** Return what each variable holds. */
    Map<String, String> values() {
        return byName;
    }

    private static String decoded(String secret) {
        try {
            return URLDecoder.decode(secret.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return secret;
        }
    }
}
