package dev.withstack.core.export;

import dev.withstack.core.model.Names;
import dev.withstack.core.model.StackId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Gives each secret of an export a variable to be referred to by, and collects what the variables hold: the setting that
 * the secret came from, or else the first place where it is used. Used by one thread.
 */
final class SecretNames {
    private static final String ENCODED = "_URL_ENCODED";

    private final Function<String, List<String>> settings;
    private final Map<String, String> byName = new LinkedHashMap<>();

    /** @param settings finds the settings that a secret may have come from */
    SecretNames(Function<String, List<String>> settings) {
        this.settings = settings;
    }

    /** Return the variable that holds the secret. */
    String of(String secret, String service, String place) {
        String wanted = settingOf(secret, service, place)
                .or(() -> settingOf(decoded(secret), service, place).map(name -> name + ENCODED))
                .orElseGet(() -> Names.variable(service, place));
        String name = wanted;
        for (int i = 2; !secret.equals(byName.getOrDefault(name, secret)); i++) {
            name = wanted + "_" + i;
        }
        byName.put(name, secret);
        return name;
    }

    /** Where several settings have the same value, as on a laptop, the one that is called most like the place is meant. */
    private Optional<String> settingOf(String secret, String service, String place) {
        Comparator<String> likeness =
                Comparator.comparingInt(name -> Math.max(alike(name, place), alike(name, Names.variable(service, ""))));
        return settings.apply(secret).stream().max(likeness);
    }

    /** Return how many letters both begin with. */
    private static int alike(String one, String other) {
        int count = 0;
        while (count < Math.min(one.length(), other.length()) && one.charAt(count) == other.charAt(count)) {
            count++;
        }
        return count;
    }

    /** Return what each variable holds. */
    Map<String, String> values() {
        return byName;
    }

    /**
     * Return the file that sets the variables, under its name; none where there are no secrets.
     *
     * @param quoted writes what stands between single quotes, as whoever reads the file takes it
     */
    Map<String, Export.File> file(StackId id, String name, UnaryOperator<String> quoted) {
        if (byName.isEmpty()) {
            return Map.of();
        }
        StringBuilder text = new StringBuilder(Export.headOfSecrets(id));
        byName.forEach((variable, value) ->
                text.append(variable).append("='").append(quoted.apply(value)).append("'\n"));
        return Map.of(name, new Export.File(text.toString(), Export.Readers.OWNER));
    }

    private static String decoded(String secret) {
        try {
            return URLDecoder.decode(secret.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return secret;
        }
    }
}
