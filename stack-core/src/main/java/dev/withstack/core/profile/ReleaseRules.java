package dev.withstack.core.profile;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Setting;
import dev.withstack.core.settings.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code stage} and {@code prod} demand of every stack: real secrets, passwords that nobody knows, nothing that is
 * meant for development, and databases that only the stack reaches.
 */
final class ReleaseRules {
    private static final int SHORTEST_SECRET = 32;
    private static final String GENERATE = "Generate one, for example with: openssl rand -hex 32";
    private static final Set<String> DATABASES = Set.of("postgres", "redis", "minio", "qdrant");

    private final Settings settings;
    private final String environment;

    ReleaseRules(Settings settings) {
        this.settings = settings;
        this.environment = settings.environment().id();
    }

    /** Report to the settings what is wrong with what the definition has asked of them. */
    void check() {
        for (Asked asked : settings.asked()) {
            switch (asked.kind()) {
                case DEVELOPMENT_SWITCH -> checkIsOff(asked);
                case PASSWORD -> checkSecret(asked.name(), 1, GENERATE);
                case SECRET -> checkSecret(asked.name(), SHORTEST_SECRET, GENERATE);
                case ISSUED -> checkSecret(asked.name(), 1, "Set it to the key that you were given.");
                case PLAIN, URL -> {}
            }
        }
    }

    /**
     * Return a database that publishes no port, unless processes of this host need it; what the user asks for by its
     * variable comes afterwards.
     */
    Service unpublished(Service service, StackDefinition definition) {
        boolean isNeededHere = definition.services().values().stream()
                .filter(other -> other.source() instanceof Source.Process)
                .flatMap(process -> process.dependencies().stream())
                .anyMatch(dependency -> dependency.on().equals(service.name()));
        if (service.family().filter(DATABASES::contains).isEmpty() || isNeededHere) {
            return service;
        }
        Service hidden = service;
        for (Endpoint endpoint : service.endpoints()) {
            hidden = hidden.published(endpoint.name(), new Endpoint.Hidden());
        }
        return hidden;
    }

    private void checkIsOff(Asked asked) {
        boolean isOn = settings.find(asked.name())
                .map(setting -> setting.value().strip().equalsIgnoreCase("true"))
                .orElse(false);
        if (isOn) {
            settings.reject(
                    asked.name(), "is true, which " + asked.hazard() + ".", "Set it to false in " + environment + ".");
        }
    }

    private void checkSecret(String name, int shortest, String fix) {
        Optional<String> value = settings.find(name).map(Setting::value);
        if (value.isEmpty() || value.get().isBlank()) {
            settings.reject(name, "is not set, and " + environment + " needs it.", fix);
        } else if (settings.isWellKnown(value.get())) {
            settings.reject(name, "is the known development value, which " + environment + " refuses.", fix);
        } else if (value.get().length() < shortest) {
            settings.reject(
                    name,
                    "has " + value.get().length() + " characters, and " + environment + " needs at least " + shortest
                            + ".",
                    fix);
        }
    }
}
