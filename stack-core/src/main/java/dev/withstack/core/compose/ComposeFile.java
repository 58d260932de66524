package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Compose file, or several of which each overrides those before it, as a stack: it runs by our probes, plan and
 * diagnosis. The files are read anew whenever the stack is defined. Immutable.
 *
 * <p>What changes what a file means and can't be kept is an error, all at once, each with file, line and column; what has
 * no effect here is a remark of the {@link Settings}.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/spec.md">the Compose specification</a>
 */
public final class ComposeFile implements StackProfile {
    /** The names under which a directory has one, the first that is there. */
    public static final List<String> USUAL_NAMES =
            List.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml");

    private static final String PROFILES = "COMPOSE_PROFILES";
    private static final String PROJECT = "COMPOSE_PROJECT_NAME";

    private final List<Path> files;
    private final Set<String> profiles;
    private final String name;

    private ComposeFile(List<Path> files, Set<String> profiles, String name) {
        this.files = List.copyOf(files);
        this.profiles = profiles;
        this.name = name;
    }

    /**
     * Take these files for a stack. Its name is what they say, else that of the first one's directory.
     *
     * @param files the first, and those that override it, in order
     * @param settings where {@code COMPOSE_PROJECT_NAME} is looked for, and what the name refers to
     * @throws dev.withstack.core.model.InvalidDefinitionException if a file can't be read as YAML
     */
    public static ComposeFile of(List<Path> files, Settings settings) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("A stack needs at least one Compose file.");
        }
        List<Path> absolute =
                files.stream().map(file -> file.toAbsolutePath().normalize()).toList();
        return new ComposeFile(absolute, Set.of(), ComposeNames.of(name(absolute, settings)));
    }

    /**
     * Return the stack of these files as {@code dev} runs it, with the settings of the first one's directory and of the
     * process environment.
     *
     * @throws dev.withstack.core.model.InvalidDefinitionException with all that can't be kept, or read
     */
    public static StackDefinition read(Path file, Path... overrides) {
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(List.of(overrides));
        Path directory = directoryOf(file);
        Settings settings = Settings.read(Environment.DEV, directory, System.getenv(), Map.of());
        return Profiles.load(of(files, settings), settings);
    }

    /** Return the same with the services of these profiles too; {@code *} stands for all. */
    public ComposeFile withProfiles(List<String> names) {
        Set<String> all = new LinkedHashSet<>(profiles);
        all.addAll(names);
        return new ComposeFile(files, all, name);
    }

    /** Return where relative paths begin, and {@code .env} is looked for: the directory of the first file. */
    public Path directory() {
        return directoryOf(files.get(0));
    }

    /** Return where {@code .env} of a Compose file is looked for, and its relative paths begin. */
    public static Path directoryOf(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return Optional.ofNullable(absolute.getParent()).orElse(absolute);
    }

    private static String name(List<Path> files, Settings settings) {
        String directory = Optional.ofNullable(directoryOf(files.get(0)).getFileName())
                .map(Path::toString)
                .orElse("compose");
        Optional<String> asked = settings.given(PROJECT);
        return asked.orElseGet(() -> {
            String written = directory;
            for (Path file : files) {
                written = writtenName(file, settings).orElse(written);
            }
            return written;
        });
    }

    private static Optional<String> writtenName(Path file, Settings settings) {
        Findings findings = new Findings();
        Item item = ComposeProject.item(file, file.getFileName().toString(), findings);
        if (!(item instanceof Fields fields) || !fields.fields().containsKey("name")) {
            return Optional.empty();
        }
        Field written = java.util.Objects.requireNonNull(fields.fields().get("name"));
        Item name = new Variables(settings, findings, Variables.References.VALUES).expand(written.value());
        return name instanceof Item.Text text && !text.text().isBlank() ? Optional.of(text.text()) : Optional.empty();
    }

    /**
     * Return the source of a {@link StackProfile} that defines the same stack, with the variables of the files as settings.
     *
     * @param packageName of the class
     * @param className such as {@code Shop}
     * @throws dev.withstack.core.model.InvalidDefinitionException with all that can't be kept, or read
     */
    public String toJava(String packageName, String className, Settings settings) {
        StackDefinition definition = define(settings.environment(), settings);
        Map<String, Service> marked =
                new ComposeReading(directory(), files, asked(settings), Settings.none(settings.environment())).marked();
        return new ProfileSource(packageName, className, definition, marked, description()).text();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "from "
                + files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    }

    /** A Compose file has variables of its own for what a user may move. */
    @Override
    public Movers movers() {
        return Movers.COMMAND;
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        return new ComposeReading(directory(), files, asked(settings), settings).definition(name);
    }

    private Set<String> asked(Settings settings) {
        Set<String> asked = new LinkedHashSet<>(profiles);
        settings.given(PROFILES).ifPresent(names -> asked.addAll(List.of(names.split(","))));
        return asked;
    }
}
