package dev.withstack.core.settings;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Value;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The values that a stack is defined with, each with its origin, strongest first: {@code --set}, the process
 * environment, {@code .env.<environment>}, {@code .env}, the profile's defaults.
 *
 * <p>What a profile asks for is remembered, so that it can be shown and checked: problems are collected here and
 * thrown once, by whoever loads the profile. Not safe for use by several threads.
 */
public final class Settings {
    private static final int SHORTEST_RELEASE_SECRET = 32;

    private final Environment environment;
    private final Map<String, Setting> given;
    private final Map<String, Setting> used = new LinkedHashMap<>();
    private final Map<String, String> secrets = new TreeMap<>();
    private final Set<String> developmentValues = new TreeSet<>();
    private final Set<String> secretNames = new TreeSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private Settings(Environment environment, Map<String, Setting> given) {
        this.environment = environment;
        this.given = given;
    }

    /** Return settings in which nothing is given: every value is the profile's default. */
    public static Settings none(Environment environment) {
        return new Settings(environment, Map.of());
    }

    /** Return settings given by a program, such as a test. */
    public static Settings of(Environment environment, Map<String, String> values) {
        Map<String, Setting> given = new LinkedHashMap<>();
        values.forEach((name, value) -> given.put(name, new Setting(name, value, Origin.COMMAND_LINE)));
        return new Settings(environment, given);
    }

    /**
     * Read the settings of a project.
     *
     * @param project the directory with the {@code .env} files, if any
     * @throws dev.withstack.core.model.InvalidDefinitionException if a file is malformed, with file and line
     */
    public static Settings read(
            Environment environment, Path project, Map<String, String> processEnvironment, Map<String, String> set) {
        Map<String, Setting> given = new LinkedHashMap<>();
        for (String file : List.of(Origin.SHARED_FILE, Origin.SHARED_FILE + "." + environment.id())) {
            given.putAll(DotEnv.read(
                    project.resolve(file),
                    name -> Optional.ofNullable(set.get(name))
                            .or(() -> Optional.ofNullable(processEnvironment.get(name))),
                    name -> Optional.ofNullable(given.get(name)).map(Setting::value)));
        }
        processEnvironment.forEach(
                (name, value) -> given.put(name, new Setting(name, value, Origin.PROCESS_ENVIRONMENT)));
        set.forEach((name, value) -> given.put(name, new Setting(name, value, Origin.COMMAND_LINE)));
        return new Settings(environment, given);
    }

    public Environment environment() {
        return environment;
    }

    /** Return the value, or the default where none is given. An empty value counts as none, and hides a weaker one. */
    public String text(String name, String defaultValue) {
        Setting setting = find(name).orElseGet(() -> new Setting(name, defaultValue, Origin.DEFAULT));
        used.put(name, setting);
        return setting.value();
    }

    /** Return the value if one is given. */
    public Optional<String> given(String name) {
        Optional<Setting> setting = find(name);
        setting.ifPresent(found -> used.put(name, found));
        return setting.map(Setting::value);
    }

    /** Tell whether the value is given in the {@code .env} that all environments read. */
    public boolean isSharedByEnvironments(String name) {
        return find(name).map(setting -> setting.origin().isSharedFile()).orElse(false);
    }

    /** Return the URL if one is given. The password in it is a secret, and so is the setting. */
    public Optional<String> url(String name) {
        Optional<String> url = given(name).map(String::strip);
        url.ifPresent(text -> {
            secretNames.add(name);
            passwordIn(text).ifPresent(password -> {
                secrets.put(name, password);
                secrets.put(name + " in words", decoded(password));
            });
        });
        return url;
    }

    /** Return what stands between the first colon and the last at sign, even in a URL that is none. */
    private static Optional<String> passwordIn(String url) {
        int scheme = url.indexOf("://");
        int begin = url.indexOf(':', scheme < 0 ? 0 : scheme + 3);
        int end = url.lastIndexOf('@');
        return begin >= 0 && end > begin + 1 ? Optional.of(url.substring(begin + 1, end)) : Optional.empty();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Return a whole number within the bounds; a value that is none is a problem, and the default is returned. */
    public int number(String name, int defaultValue, int least, int most) {
        String text = text(name, Integer.toString(defaultValue));
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below, with the bounds
        }
        reject(name, "'" + text + "' is not a whole number from " + least + " to " + most + ".", "");
        return defaultValue;
    }

    /** Return whether the value is {@code true}; anything but true or false is a problem. */
    public boolean flag(String name, String defaultValue) {
        String text = text(name, defaultValue).strip();
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            reject(name, "'" + text + "' is neither true nor false.", "");
        }
        return text.equalsIgnoreCase("true");
    }

    /**
     * Return a secret. In a release it must be given, must not be the development value and needs 32 characters.
     *
     * @param developmentValue what stands for it on a laptop and in tests
     */
    public Value secret(String name, String developmentValue) {
        return checkedSecret(name, developmentValue, SHORTEST_RELEASE_SECRET);
    }

    /** Return the password of a service. In a release it must be given and must not be the development value. */
    public Value password(String name, String developmentValue) {
        return checkedSecret(name, developmentValue, 1);
    }

    private Value checkedSecret(String name, String developmentValue, int shortest) {
        String value = text(name, developmentValue);
        secrets.put(name, value);
        developmentValues.add(developmentValue);
        secretNames.add(name);
        if (environment.isRelease()) {
            String fix = "Generate one, for example with: openssl rand -hex 32";
            if (value.isBlank() || find(name).isEmpty()) {
                problems.add(new Problem(name, "is not set, and " + environment.id() + " needs it.", fix));
            } else if (value.equals(developmentValue)) {
                reject(name, "is the known development value, which " + environment.id() + " refuses.", fix);
            } else if (value.length() < shortest) {
                reject(
                        name,
                        "has " + value.length() + " characters, and " + environment.id() + " needs at least " + shortest
                                + ".",
                        fix);
            }
        }
        return Value.secret(value);
    }

    /** Report a problem with a setting; all are thrown together when the profile has been read. */
    public void reject(String name, String what, String fix) {
        String where =
                find(name).map(setting -> name + " (" + setting.origin() + ")").orElse(name);
        problems.add(new Problem(where, what, fix));
    }

    /** Return what was found wrong so far. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Return every setting asked for so far, with its value and origin, in the order asked. */
    public List<Setting> used() {
        return List.copyOf(used.values());
    }

    /** Return what masks the secrets asked for so far; the well-known development values are no secrets. */
    public Redaction redaction() {
        List<String> masked = new ArrayList<>(secrets.values());
        masked.removeAll(developmentValues);
        return Redaction.of(masked);
    }

    /** Tell whether the name is that of a secret. */
    public boolean isSecret(String name) {
        return secretNames.contains(name);
    }

    private Optional<Setting> find(String name) {
        return Optional.ofNullable(given.get(name))
                .filter(setting -> !setting.value().isEmpty());
    }
}
