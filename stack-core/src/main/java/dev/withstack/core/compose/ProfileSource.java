package dev.withstack.core.compose;

import dev.withstack.core.compose.JavaText.Secrecy;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a profile in Java that defines the same stack as Compose files do. */
final class ProfileSource {
    private final String packageName;
    private final String className;
    private final StackDefinition definition;
    private final Map<String, Service> marked;
    private final String origin;

    /**
     * @param definition the stack, with the values that its variables have
     * @param marked its services with marks in place of these values
     * @param origin where it comes from, for people
     */
    ProfileSource(
            String packageName,
            String className,
            StackDefinition definition,
            Map<String, Service> marked,
            String origin) {
        this.packageName = packageName;
        this.className = className;
        this.definition = definition;
        this.marked = marked;
        this.origin = origin;
    }

    String text() {
        StringBuilder body = new StringBuilder();
        definition.declaredNetworks().forEach(network -> body.append("                .network(")
                .append(network(network))
                .append(")\n"));
        StringBuilder methods = new StringBuilder();
        for (Service service : definition.declared().values()) {
            String method = method(service.name());
            body.append("                .add(").append(method).append("(settings))\n");
            methods.append("\n    private static Service ")
                    .append(method)
                    .append("(Settings settings) {\n        return ")
                    .append(new ServiceSource(service, marked.getOrDefault(service.name(), service)).text())
                    .append(";\n    }\n");
        }
        return TEMPLATE.replace("PACKAGE", packageName.isEmpty() ? "" : "package " + packageName + ";\n\n")
                .replace("ORIGIN", origin.replace("*/", "*"))
                .replace("CLASS", className)
                .replace("NAME", JavaText.quoted(definition.name()))
                .replace("NETWORKS_AND_SERVICES", body.toString().stripTrailing())
                .replace("METHODS", methods.toString());
    }

    private static String network(Network network) {
        String names = JavaText.quoted(network.name());
        if (network.kind() == Network.Kind.OPEN && network.subnets().isEmpty()) {
            return names + (network.wholeName().isEmpty() ? "" : ", " + JavaText.quoted(network.wholeName()));
        }
        return "new Network(" + names + ", " + JavaText.quoted(network.wholeName()) + ", Network.Kind." + network.kind()
                + ", List.of("
                + network.subnets().stream().map(JavaText::quoted).collect(Collectors.joining(", ")) + "))";
    }

    private static String method(String service) {
        StringBuilder name = new StringBuilder();
        boolean isUpper = false;
        for (char next : service.toCharArray()) {
            if (next == '-') {
                isUpper = true;
            } else {
                name.append(isUpper ? Character.toUpperCase(next) : next);
                isUpper = false;
            }
        }
        // no word of Java's own, and none of the profile's
        return name.append("Service").toString();
    }

    private static final String TEMPLATE =
            """
            PACKAGEimport dev.withstack.core.model.*;
            import dev.withstack.core.profile.StackProfile;
            import dev.withstack.core.settings.Settings;
            import java.time.Duration;
            import java.util.LinkedHashMap;
            import java.util.List;
            import java.util.Map;
            import java.util.Optional;

            /** Imported ORIGIN. */
            public final class CLASS implements StackProfile {

                @Override
                public String name() {
                    return NAME;
                }

                @Override
                public String description() {
                    return "imported ORIGIN";
                }

                @Override
                public StackDefinition define(Environment environment, Settings settings) {
                    return StackDefinition.of(name(), environment)
            NETWORKS_AND_SERVICES
                            .build();
                }
            METHODS
                /** Return a map in the order given. */
                private static Map<String, String> ordered(String... namesAndValues) {
                    Map<String, String> map = new LinkedHashMap<>();
                    for (int i = 0; i < namesAndValues.length; i += 2) {
                        map.put(namesAndValues[i], namesAndValues[i + 1]);
                    }
                    return map;
                }
            }
            """;

    /** Return a value as Java. */
    static String value(dev.withstack.core.model.Value value) {
        if (value instanceof dev.withstack.core.model.Value.Secret secret) {
            return JavaText.value(secret.text(), Secrecy.SECRET);
        }
        return JavaText.value(
                value.literal().orElseThrow(() -> new IllegalStateException("A Compose file has no addresses.")),
                Secrecy.PLAIN);
    }
}
