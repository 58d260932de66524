package dev.withstack.core.profile;

import dev.withstack.core.model.Environment;
import dev.withstack.core.settings.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Writes a stack's {@code .env}: every setting with what it does and what holds without it, and generated secrets where
 * one is needed. Deterministic but for the secrets.
 */
public final class EnvFile {
    private static final int WIDTH = 110;
    private static final int SECRET_BYTES = 32;
    /** MinIO takes forty characters at most. */
    private static final int PASSWORD_BYTES = 16;

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_./:@%+,*=-]*");

    private final StackProfile profile;
    private final Environment environment;
    private final IntFunction<String> secrets;

    /** @param secrets makes a new random text of so many bytes */
    public EnvFile(StackProfile profile, Environment environment, IntFunction<String> secrets) {
        this.profile = profile;
        this.environment = environment;
        this.secrets = secrets;
    }

    /** Return the name of the file: {@code .env} for dev, {@code .env.prod} for prod. */
    public String name() {
        return environment == Environment.DEV ? Origin.SHARED_FILE : Origin.fileOf(environment);
    }

    /** Return the names of the settings that the user has to fill in. */
    public List<String> toFillIn() {
        List<String> names = new ArrayList<>();
        for (Variable variable : Variables.ofFile(profile, environment)) {
            if (line(variable).equals(variable.name() + "=")) {
                names.add(variable.name());
            }
        }
        return names;
    }

    /** Return the certificate that the file names, if it names one. */
    public Optional<SelfSigned> certificate() {
        return profile.certificate().filter(certificate -> Variables.ofFile(profile, environment).stream()
                .anyMatch(variable -> variable.name().equals(certificate.certificateSetting())));
    }

    /** Return what the file says. Each call generates other secrets. */
    public String text() {
        StringBuilder text = new StringBuilder(
                """
                # Settings of %s%s.
                # A line without # in front counts. The others show what holds without them.
                # Stronger than this file:%s the process environment, and --set NAME=VALUE.
                # It holds secrets: keep it out of version control.
                """
                        .formatted(
                                profile.name(),
                                environment == Environment.DEV ? "" : " in " + environment.id(),
                                environment == Environment.DEV ? " .env.<environment>," : ""));
        if (environment == Environment.DEV) {
            text.append("\nSTACK=").append(profile.name()).append('\n');
        }
        String topic = "";
        for (Variable variable : Variables.ofFile(profile, environment)) {
            if (!variable.topic().equals(topic)) {
                topic = variable.topic();
                text.append("\n# ---- ").append(topic).append(" ----\n");
            }
            text.append(variable.topic().equals(Variables.OF_SERVICES) ? "" : "\n");
            comment(variable.meaning(), text);
            text.append(line(variable)).append('\n');
        }
        return text.toString();
    }

    private String line(Variable variable) {
        boolean isRelease = environment.isRelease();
        String set = variable.name() + "=";
        String shown = certificateFile(variable.name()).map(set::concat).orElse("# " + set + quoted(variable.usual()));
        return switch (variable.kind()) {
            case SECRET -> set + secrets.apply(SECRET_BYTES);
            case PASSWORD -> isRelease ? set + secrets.apply(PASSWORD_BYTES) : shown;
            case ISSUED -> isRelease ? set : shown;
            case DEVELOPMENT_SWITCH -> isRelease ? set + "false" : shown;
            case PLAIN, URL -> shown;
        };
    }

    private Optional<String> certificateFile(String setting) {
        return profile.certificate()
                .flatMap(certificate -> Optional.ofNullable(Map.of(
                                certificate.certificateSetting(), certificate.certificate(),
                                certificate.keySetting(), certificate.key())
                        .get(setting)));
    }

    private static String quoted(String value) {
        return HARMLESS.matcher(value).matches() ? value : "'" + value.replace("'", "\\'") + "'";
    }

    private static void comment(String meaning, StringBuilder text) {
        StringBuilder line = new StringBuilder("#");
        for (String word : meaning.split(" ")) {
            if (line.length() + word.length() >= WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder("#");
            }
            line.append(' ').append(word);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
