package dev.withstack.core.settings;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Value;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The values that a stack is defined with, each with its origin, strongest first: {@code --set}, the process
 * environment, {@code .env.<environment>}, {@code .env}, the profile's defaults.
 *
 * <p>What a profile asks for is remembered, so that it can be shown and checked: problems are collected here and
 * thrown once, by whoever loads the profile. Not safe for use by several threads.
 */
public final class Settings {
    private final Environment environment;
    private final Map<String, Setting> given;
    private final Map<Environment, Map<String, Setting>> others;
    /** What this environment's own file sets; in the settings of a base, that is a problem where it is asked for. */
    private final Map<String, Setting> ofThisAlone;

    private final Reader reader;
    private final Map<String, Setting> used;
    private final Map<String, Asked> asked;
    private final Map<String, String> secrets;
    private final Set<String> developmentValues;
    private final List<Problem> problems;
    private final List<Problem> remarks;

    private Settings(
            Environment environment,
            Map<String, Setting> given,
            Map<Environment, Map<String, Setting>> others,
            Map<String, Setting> ofThisAlone) {
        this.environment = environment;
        this.given = given;
        this.others = others;
        this.ofThisAlone = ofThisAlone;
        this.reader = Reader.ENVIRONMENT;
        this.used = new LinkedHashMap<>();
        this.asked = new LinkedHashMap<>();
        this.secrets = new TreeMap<>();
        this.developmentValues = new TreeSet<>();
        this.problems = new ArrayList<>();
        this.remarks = new ArrayList<>();
    }

    /** A part of the settings: what is asked of them is remembered where that of the whole is. */
    private Settings(Settings whole, Map<String, Setting> part, Reader reader) {
        this.environment = whole.environment;
        this.given = part;
        this.others = whole.others;
        this.ofThisAlone = whole.ofThisAlone;
        this.reader = reader;
        this.used = whole.used;
        this.asked = whole.asked;
        this.secrets = whole.secrets;
        this.developmentValues = whole.developmentValues;
        this.problems = whole.problems;
        this.remarks = whole.remarks;
    }

    /** Who the settings are for. */
    private enum Reader {
        ENVIRONMENT,
        BASE
    }

    /** Return settings in which nothing is given: every value is the profile's default. */
    public static Settings none(Environment environment) {
        return new Settings(environment, Map.of(), Map.of(), Map.of());
    }

    /** Return settings given by a program, such as a test. */
    public static Settings of(Environment environment, Map<String, String> values) {
        Map<String, Setting> given = new LinkedHashMap<>();
        values.forEach((name, value) -> given.put(name, new Setting(name, value, Origin.COMMAND_LINE)));
        return new Settings(environment, given, Map.of(), Map.of());
    }

    /**
     * Read the settings of a project.
     *
     * @param project the directory with the {@code .env} files, if any
     * @throws dev.withstack.core.model.InvalidDefinitionException if a file is malformed, with file and line
     */
    public static Settings read(
            Environment environment, Path project, Map<String, String> processEnvironment, Map<String, String> set) {
        Map<String, Setting> given = filesOf(environment, project, processEnvironment, set);
        Map<String, Setting> ofThisAlone = new LinkedHashMap<>(given);
        ofThisAlone.values().removeIf(setting -> setting.origin().isSharedFile());
        ofThisAlone.keySet().removeAll(processEnvironment.keySet());
        ofThisAlone.keySet().removeAll(set.keySet());
        processEnvironment.forEach(
                (name, value) -> given.put(name, new Setting(name, value, Origin.PROCESS_ENVIRONMENT)));
        set.forEach((name, value) -> given.put(name, new Setting(name, value, Origin.COMMAND_LINE)));
        Map<Environment, Map<String, Setting>> others = new EnumMap<>(Environment.class);
        if (Environment.LASTING.contains(environment)) {
            Environment.LASTING.stream()
                    .filter(other -> other != environment)
                    .forEach(other -> others.put(other, filesOfOther(other, project)));
        }
        return new Settings(environment, given, others, ofThisAlone);
    }

    /**
     * Return the settings of the base that this environment shares with others: what the environment's own file sets is
     * a problem where the base asks for it. The rules of releases hold as they do for this environment.
     */
    public Settings ofBase() {
        Map<String, Setting> shared = new LinkedHashMap<>(given);
        shared.keySet().removeAll(ofThisAlone.keySet());
        return new Settings(this, shared, Reader.BASE);
    }

    /** Return those alone that the user has given with the command, or a program with its call. */
    public Settings ofCommand() {
        Map<String, Setting> own = new LinkedHashMap<>(given);
        own.values().removeIf(setting -> !setting.origin().equals(Origin.COMMAND_LINE));
        return new Settings(this, own, Reader.ENVIRONMENT);
    }

    private static Map<String, Setting> filesOf(
            Environment environment, Path project, Map<String, String> processEnvironment, Map<String, String> set) {
        Map<String, Setting> given = new LinkedHashMap<>();
        for (String file : List.of(Origin.SHARED_FILE, Origin.fileOf(environment))) {
            given.putAll(DotEnv.read(
                    project.resolve(file),
                    name -> Optional.ofNullable(set.get(name))
                            .or(() -> Optional.ofNullable(processEnvironment.get(name))),
                    name -> Optional.ofNullable(given.get(name)).map(Setting::value)));
        }
        return given;
    }

    /** A malformed file of another environment is that environment's concern. */
    private static Map<String, Setting> filesOfOther(Environment other, Path project) {
        try {
            return filesOf(other, project, Map.of(), Map.of());
        } catch (InvalidDefinitionException e) {
            return Map.of();
        }
    }

    public Environment environment() {
        return environment;
    }

    /** Return the value, or the default where none is given. An empty value counts as none, and hides a weaker one. */
    public String text(String name, String defaultValue) {
        return text(name, Asked.Kind.PLAIN, defaultValue);
    }

    private String text(String name, Asked.Kind kind, String defaultValue) {
        asked.putIfAbsent(name, Asked.of(name, kind, defaultValue));
        Setting setting = find(name).orElseGet(() -> new Setting(name, defaultValue, Origin.DEFAULT));
        used.put(name, setting);
        return setting.value();
    }

    /** Return the value if one is given. */
    public Optional<String> given(String name) {
        asked.putIfAbsent(name, Asked.of(name, Asked.Kind.PLAIN, ""));
        Optional<Setting> setting = find(name);
        setting.ifPresent(found -> used.put(name, found));
        return setting.map(Setting::value);
    }

    /**
     * Return what names something that the environments share a server for: a database, a key space, a bucket. A value
     * that is another environment's too is a problem, as both would work on the same data.
     *
     * @param usual what an environment has where nothing is given
     */
    public String ownOfEnvironment(String name, Function<Environment, String> usual) {
        String own = text(name, usual.apply(environment));
        for (Environment other : Environment.LASTING) {
            String others = ofOther(other, name).map(Setting::value).orElseGet(() -> usual.apply(other));
            if (other != environment && others.equals(own)) {
                reject(
                        name,
                        "is '" + own + "' in " + other.id() + " too, so " + environment.id()
                                + " would work on the data of " + other.id() + ".",
                        "Give " + environment.id() + " one of its own, in " + Origin.fileOf(environment) + ".");
                return own;
            }
        }
        return own;
    }

    /** Return what another environment's files give it, if anything. Nothing is known of its command line. */
    public Optional<Setting> ofOther(Environment other, String name) {
        return Optional.ofNullable(others.getOrDefault(other, Map.of()).get(name))
                .filter(setting -> !setting.value().isEmpty());
    }

    /** Return the URL if one is given. The password in it is a secret, and so is the setting. */
    public Optional<String> url(String name) {
        asked.putIfAbsent(name, Asked.of(name, Asked.Kind.URL, ""));
        Optional<String> url = given(name).map(String::strip);
        url.ifPresent(text -> {
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
     * Return whether a switch is on that is meant for development: it is, unless set, in dev and tests, and a release
     * refuses it.
     *
     * @param hazard why, to follow "which", such as {@code lets everyone in without a key}
     */
    public boolean developmentSwitch(String name, String hazard) {
        String usual = Boolean.toString(!environment.isRelease());
        asked.putIfAbsent(name, new Asked(name, Asked.Kind.DEVELOPMENT_SWITCH, usual, hazard));
        return flag(name, usual);
    }

    /**
     * Return a key of the application's own. A release demands that it is given, long, and no known value.
     *
     * @param developmentValue what stands for it on a laptop and in tests
     * @param examples what documents show in its place, which is refused like the development value
     */
    public Value secret(String name, String developmentValue, String... examples) {
        developmentValues.addAll(List.of(examples));
        return hidden(name, Asked.Kind.SECRET, developmentValue);
    }

    /** Return the password of a service. A release demands that it is given and not the development value. */
    public Value password(String name, String developmentValue) {
        return hidden(name, Asked.Kind.PASSWORD, developmentValue);
    }

    /** Return a key that somebody else gives out. A release demands that it is given, whatever it looks like. */
    public Value issuedKey(String name, String developmentValue) {
        return hidden(name, Asked.Kind.ISSUED, developmentValue);
    }

    private Value hidden(String name, Asked.Kind kind, String developmentValue) {
        String value = text(name, kind, developmentValue);
        secrets.put(name, value);
        developmentValues.add(developmentValue);
        return Value.secret(value);
    }

    /** Report a problem with a setting; all are thrown together when the profile has been read. */
    public void reject(String name, String what, String fix) {
        String where =
                find(name).map(setting -> name + " (" + setting.origin() + ")").orElse(name);
        problems.add(new Problem(where, what, fix));
    }

    /** Tell the user something that stops nothing; all is told once, by whoever loads the profile. */
    public void remark(Problem remark) {
        if (!remarks.contains(remark)) {
            remarks.add(remark);
        }
    }

    /** Return what there is to tell the user so far. */
    public List<Problem> remarks() {
        return List.copyOf(remarks);
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

    /** Return what was asked for so far, given or not, in the order asked. */
    public List<Asked> asked() {
        return List.copyOf(asked.values());
    }

    /** Tell whether the name is that of a secret. */
    public boolean isSecret(String name) {
        return Optional.ofNullable(asked.get(name))
                .map(one -> one.kind().isSecret())
                .orElse(false);
    }

    /** Return the names of the settings that gave this secret, sorted: what an export refers to it by. */
    public List<String> namesOfSecret(String secret) {
        return secrets.entrySet().stream()
                .filter(entry -> entry.getValue().equals(secret) && asked.containsKey(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tell whether everybody knows the value: what development and documents use for secrets. */
    public boolean isWellKnown(String value) {
        return developmentValues.contains(value);
    }

    /** Return a secret if one is given: no release demands it. */
    public Optional<Value> optionalSecret(String name) {
        Optional<String> value = given(name);
        value.ifPresent(text -> secrets.put(name, text));
        return value.map(Value::secret);
    }

    /** Return what is given under the name, be it empty, as a reference such as <code>${NAME-default}</code> takes it. */
    public Optional<String> written(String name) {
        asked.putIfAbsent(name, Asked.of(name, Asked.Kind.PLAIN, ""));
        Optional<Setting> setting = Optional.ofNullable(given.get(name));
        setting.ifPresent(found -> used.put(name, found));
        return setting.map(Setting::value);
    }

    /** Mask this value of a setting from now on, wherever it turns up. */
    public void hide(String name, String value) {
        if (!value.isEmpty()) {
            secrets.put(name, value);
        }
    }

    /** Return the setting if it is given, wherever that was. */
    public Optional<Setting> find(String name) {
        Setting own = ofThisAlone.get(name);
        if (reader == Reader.BASE && own != null) {
            Problem problem = new Problem(
                    name + " (" + own.origin() + ")",
                    "belongs to the base, which all environments share.",
                    "Set it in " + Origin.SHARED_FILE + ".");
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
        }
        return Optional.ofNullable(given.get(name))
                .filter(setting -> !setting.value().isEmpty());
    }
}
