package dev.withstack.core.compose;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Names of a Compose file as ours: lower-case letters, digits and hyphens. Immutable. */
final class ComposeNames {
    private final Map<String, String> ours = new LinkedHashMap<>();

    /**
     * @param parts what the file names
     * @param kind what they are, for people
     */
    ComposeNames(Collection<Part> parts, String kind, Findings findings) {
        for (Part part : parts) {
            String name = of(part.name());
            if (ours.containsValue(name)) {
                findings.error(
                        part.place(),
                        "the " + kind + " '" + part.name() + "' is called '" + name + "' here, as another is.",
                        "Rename one of them.");
            }
            ours.put(part.name(), name);
        }
    }

    /** Return what the file's name becomes. */
    static String of(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return plain.isEmpty() || !Character.isLetter(plain.charAt(0)) ? "s" + plain : plain;
    }

    /** Return what it is called here, whether the file has it or not. */
    String ours(String name) {
        return ours.getOrDefault(name, of(name));
    }

    boolean has(String name) {
        return ours.containsKey(name);
    }

    String list() {
        return String.join(", ", ours.keySet());
    }
}
