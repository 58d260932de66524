package dev.withstack.core.profile;

import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Origin;
import dev.withstack.core.settings.Setting;
import dev.withstack.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds for a variable of a stack, and where that comes from.
 *
 * @param value empty for nothing
 * @param from as people name it: a file and its line, {@code --set}, {@code default}, or what changed it since
 */
public record Held(Variable variable, String value, String from) {

    /**
     * Return what holds for each of the variables.
     *
     * @param layers the definition that the settings make, by any name; then what becomes of it, each by the name of what
     *     changes it; none where the settings are not fit for a definition
     */
    public static List<Held> of(List<Variable> variables, Settings settings, Map<String, StackDefinition> layers) {
        Map<String, Map<String, String>> byLayer = new LinkedHashMap<>();
        layers.forEach((name, definition) -> byLayer.put(name, valuesOfServices(definition)));
        return variables.stream()
                .map(variable -> changed(asGiven(variable, settings), byLayer))
                .toList();
    }

    private static Map<String, String> valuesOfServices(StackDefinition definition) {
        Map<String, String> values = new LinkedHashMap<>();
        Variables.ofServices(definition).forEach(variable -> values.put(variable.name(), variable.usual()));
        return values;
    }

    private static Held asGiven(Variable variable, Settings settings) {
        return given(variable, settings)
                .map(setting -> new Held(
                        variable,
                        setting.value(),
                        setting.origin().description()
                                + (setting.name().equals(variable.name()) ? "" : " (" + setting.name() + ")")))
                .orElseGet(() -> new Held(variable, variable.usual(), Origin.DEFAULT.description()));
    }

    private static Optional<Setting> given(Variable variable, Settings settings) {
        return variable.names().stream()
                .flatMap(name -> settings.find(name).stream())
                .filter(setting -> variable.names().size() == 1 || Overrides.isPort(setting.value()))
                .findFirst();
    }

    /** The last that says something else than those before it is where the value comes from. */
    private static Held changed(Held given, Map<String, Map<String, String>> byLayer) {
        Held held = given;
        Optional<String> before = Optional.empty();
        for (Map.Entry<String, Map<String, String>> layer : byLayer.entrySet()) {
            Optional<String> value = Optional.ofNullable(layer.getValue().get(given.variable.name()));
            if (before.isPresent() && value.isPresent() && !before.equals(value)) {
                held = new Held(given.variable, value.get(), layer.getKey());
            }
            before = value;
        }
        return held;
    }
}
