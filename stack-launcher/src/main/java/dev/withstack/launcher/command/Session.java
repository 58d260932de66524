package dev.withstack.launcher.command;

import dev.withstack.core.compose.ComposeFile;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.engine.ChosenNumbers;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.UnfinishedRestore;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.profile.ImageLock;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Settings;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.Style;
import dev.withstack.launcher.console.Suggestion;
import dev.withstack.launcher.console.Terminal;
import dev.withstack.launcher.render.JsonProgress;
import dev.withstack.launcher.render.PlainProgress;
import dev.withstack.launcher.render.QuietProgress;
import dev.withstack.launcher.render.Redraw;
import dev.withstack.launcher.render.Rendering;
import dev.withstack.launcher.render.TerminalProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a command works with. Everything is found out when it is first asked for, so that a command pays only
 * for what it uses. Not safe for use by several threads; closing it closes the engine.
 */
public final class Session implements AutoCloseable {
    private final Surroundings surroundings;
    private final Console console;
    private final CommonOptions options;
    private final Map<Environment, Observed> observed = new EnumMap<>(Environment.class);
    private Optional<String> stackWord = Optional.empty();
    private Optional<Environment> askedEnvironment = Optional.empty();
    private Optional<Environment> fixedEnvironment = Optional.empty();
    private @Nullable ChosenStack stack;
    private @Nullable Environment environment;
    private @Nullable Project project;
    private @Nullable Settings settings;
    private @Nullable StackDefinition definition;
    private @Nullable StackDefinition locked;
    private @Nullable StackEngine engine;

    public Session(Surroundings surroundings, Console console, CommonOptions options) {
        this.surroundings = surroundings;
        this.console = console;
        this.options = options;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Console console() {
        return console;
    }

    /** Run in this environment, whatever runs elsewhere. */
    Session in(Environment chosen) {
        environment = fixedEnvironment.orElse(chosen);
        return this;
    }

    /** Look at this environment, or else at the one that runs. */
    Session in(EnvironmentOption asked) {
        askedEnvironment = fixedEnvironment.or(() -> asked.environment);
        return this;
    }

    /** Take the stack's name out of the words behind the command; the rest are services. */
    List<String> take(List<String> words) {
        List<String> rest = new ArrayList<>(words);
        for (String word : words) {
            if (stackWord.isEmpty()
                    && options.file.isEmpty()
                    && profiles().names().contains(word)) {
                stackWord = Optional.of(word);
                rest.remove(word);
            }
        }
        return List.copyOf(rest);
    }

    /** Return the stack that is meant, saying so once where nobody named it. */
    ChosenStack stack() {
        if (stack == null) {
            StackChoice choice = new StackChoice(surroundings, profiles());
            checkProfile();
            stack = options.file.isEmpty()
                    ? choice.choose(stackWord.or(() -> options.stack), directory())
                    : choice.ofComposeFile(options);
            remark(stack.reason().isEmpty() ? "" : "Stack " + stack.profile().name() + ": " + stack.reason());
        }
        return stack;
    }

    /** Return what tells the meaning of the words behind the command. */
    Words words() {
        return new Words(this);
    }

    Profiles profiles() {
        return surroundings.profiles().get();
    }

    StackProfile profile() {
        return stack().profile();
    }

    StackId id() {
        return id(profile(), environment());
    }

    /** Return the stack's name on the engine, in the copy that is meant. */
    StackId id(StackProfile profile, Environment where) {
        return new StackId(
                profile.nameOnEngine(),
                where,
                Instance.of(surroundings.environment()).name());
    }

    /** Return the environment that is meant: the one asked for, else the one that runs, else dev. */
    Environment environment() {
        if (environment == null) {
            environment = askedEnvironment.orElseGet(this::livingEnvironment);
        }
        return environment;
    }

    /** Return the environments that could be meant: the one that was asked for, else all of which something is there. */
    List<Environment> candidates() {
        return askedEnvironment.map(List::of).orElseGet(() -> Environment.LASTING.stream()
                .filter(one -> !observe(one).containers().isEmpty()
                        || !observe(one).volumes().isEmpty())
                .toList());
    }

    /** Look again when asked what is there: it was changed meanwhile. */
    void forgetObserved() {
        observed.clear();
    }

    /** Return what is there of the stack, by labels alone. Asked once. */
    Observed observed() {
        return observe(environment());
    }

    /** Return what is there of the base that the stack's environments share; nothing if they share none. */
    Observed observedBase() {
        return profile().hasBase() ? observe(Environment.BASE) : Observed.NOTHING;
    }

    /** Return what is there of the stack and of its base. */
    Observed observedWithBase() {
        return observedBase().and(observed());
    }

    /** Return the name on the engine of the base. */
    StackId baseId() {
        return id(profile(), Environment.BASE);
    }

    /** Return under which name on the engine the service runs: the stack's, or its base's. */
    StackId idOf(String service) {
        boolean isOfBase = observed().container(service).isEmpty()
                && observedBase().container(service).isPresent();
        return isOfBase ? baseId() : id();
    }

    /** Return the environments besides this one of which there are containers. */
    List<Environment> others() {
        return Environment.LASTING.stream()
                .filter(other -> other != environment())
                .filter(other -> !observe(other).containers().isEmpty())
                .toList();
    }

    Project project() {
        if (project == null) {
            project = profile() instanceof ComposeFile file
                    ? new Project(file.directory(), file.directory(), "")
                    : Project.find(directory(), profile());
        }
        return project;
    }

    /** Two options differ by one letter: whoever takes the one for the other is told of both. */
    private void checkProfile() {
        for (String name : options.profile) {
            if (name.endsWith(".jar")) {
                throw CommandFailedException.usage("--profile takes the name of a profile of a Compose file, and '"
                        + name + "' is a jar. Stacks of your own are named with: --profiles " + name);
            } else if (options.file.isEmpty()) {
                throw CommandFailedException.usage("--profile asks for a profile of a Compose file, and none is named:"
                        + " add --file FILE. A jar with stacks of your own is named with --profiles.");
            }
        }
    }

    /** Tell the user which directory services are built from, where it is not the one that he is in. */
    void sayProject() {
        remark(project().note());
    }

    /** Say something besides the result, to people. */
    void remark(String text) {
        if (!text.isEmpty() && output() != OutputMode.QUIET && output() != OutputMode.JSON) {
            console.error(console.errorStyle().dim(text));
        }
    }

    /** Return the settings; what secrets they hold is masked from now on. */
    Settings settings() {
        if (settings == null) {
            settings = Settings.read(
                    environment(), project().settingsDirectory(), surroundings.environment(), options.set);
        }
        return settings;
    }

    /**
     * Return the definition with the user's overrides, its images as {@code lock} has pinned them.
     *
     * @throws dev.withstack.core.model.InvalidDefinitionException with every problem of definition and settings
     */
    StackDefinition definition() {
        if (locked == null) {
            locked = ImageLock.read(project().settingsDirectory()).applied(unlockedDefinition());
        }
        return locked;
    }

    /** Return the same without what is locked. */
    StackDefinition unlockedDefinition() {
        if (definition == null) {
            Settings given = settings();
            try {
                definition = Profiles.load(profile(), given).forRun(id().run());
                remarkUnread(given);
                given.remarks().forEach(remark -> remark(remark.toString()));
            } finally {
                console.mask(given.redaction());
            }
        }
        return definition;
    }

    /** A name that was mistyped would have no effect, and nobody would know. */
    private void remarkUnread(Settings given) {
        List<String> read = given.asked().stream().map(Asked::name).toList();
        for (String name : options.set.keySet()) {
            if (!read.contains(name)) {
                remark("Nothing in " + profile().name() + " reads " + name + " (--set)."
                        + Suggestion.sentence(name, read));
            }
        }
    }

    /** Return the definition with the ports and the numbers of replicas that were chosen while the stack ran. */
    StackDefinition runningDefinition() {
        return ChosenNumbers.recalled(surroundings.stateDirectory(), definition());
    }

    /** Return what restores of the stack have left half done. */
    List<UnfinishedRestore> unfinishedRestores() {
        return UnfinishedRestore.of(surroundings.stateDirectory(), id());
    }

    StackEngine engine() {
        if (engine == null) {
            engine = open(project().directory());
        }
        return engine;
    }

    private StackEngine open(Path sources) {
        Driver driver = surroundings.drivers().open(surroundings.environment(), surroundings.home(), sources);
        return new StackEngine(driver, surroundings.stateDirectory(), surroundings.clock());
    }

    Driver driver() {
        return engine().driver();
    }

    /** Mask what secrets the settings hold, whether or not they are fit for a start. */
    void maskSecrets() {
        try {
            definition();
        } catch (InvalidDefinitionException e) {
            if (settings == null) {
                throw e;
            }
        }
    }

    /** Return a driver for looking around, whichever stack is meant. */
    Driver anyDriver() {
        if (engine == null) {
            engine = open(directory());
        }
        return engine.driver();
    }

    /** Return the command that brings up the environment that is meant. */
    String startCommand() {
        return environment() == Environment.DEV ? "start" : environment().id();
    }

    /**
     * Return what the command says of the same stack in the same environment, as it would be printed to a file, with
     * secrets masked; if it fails, why.
     */
    String said(StackCommand command) throws InterruptedException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(text, true, StandardCharsets.UTF_8);
        Console paper = new Console(stream, stream, Style.PLAIN, Style.PLAIN);
        try (Session other =
                new Session(surroundings, paper, options.plain(profile().name()))) {
            other.fixedEnvironment = Optional.of(environment());
            other.in(environment());
            other.maskSecrets();
            command.run(other);
        } catch (RuntimeException e) {
            paper.error(String.valueOf(e.getMessage()));
        }
        paper.flush();
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Return how to print, {@code auto} decided. */
    OutputMode output() {
        if (options.output() != OutputMode.AUTO) {
            return options.output();
        }
        return surroundings.terminal().showsOutput() ? OutputMode.TTY : OutputMode.PLAIN;
    }

    /** Return a new rendering of progress; whoever asked closes it. */
    Rendering rendering() {
        return switch (output()) {
            case TTY -> new Redraw(new TerminalProgress(console, surroundings.terminal(), surroundings.clock()));
            case JSON -> new JsonProgress(console);
            case QUIET -> new QuietProgress();
            case AUTO, PLAIN -> new PlainProgress(console);
        };
    }

    /** Return how wide a line may be. */
    int columns() {
        Terminal terminal = surroundings.terminal();
        return output() == OutputMode.TTY ? terminal.size().columns() : Integer.MAX_VALUE;
    }

    /** Return the exception that says that nothing is there, and how to begin. */
    CommandFailedException notRunning() {
        return CommandFailedException.notRunning(id() + " is not running. Start it with: " + surroundings.program()
                + " " + environment().id() + " " + called());
    }

    /** Return the same behind what is given, if the command has to be told at all. */
    String called(String before) {
        return options.file.isEmpty() ? "" : before + called();
    }

    /** Return the words by which a command is told which stack is meant. */
    String called() {
        return options.file.isEmpty()
                ? profile().name()
                : options.file.stream().map(file -> "--file " + file).collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private Path directory() {
        return options.project
                .map(given -> surroundings.directory().resolve(given).normalize())
                .orElse(surroundings.directory());
    }

    private Observed observe(Environment where) {
        return observed.computeIfAbsent(where, key -> driver().observe(id(profile(), key)));
    }

    private Environment livingEnvironment() {
        List<Environment> running = Environment.LASTING.stream()
                .filter(one -> observe(one).containers().values().stream().anyMatch(Observed.Container::isRunning))
                .toList();
        if (running.size() > 1) {
            String names =
                    String.join(" and ", running.stream().map(Environment::id).toList());
            remark(profile().name() + " runs in " + names + "; this is "
                    + running.get(0).id() + " (--env for the other).");
        }
        return running.stream()
                .findFirst()
                .or(() -> Environment.LASTING.stream()
                        .filter(one -> !observe(one).containers().isEmpty())
                        .findFirst())
                .orElse(Environment.DEV);
    }
}
