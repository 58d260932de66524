package dev.withstack.launcher.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs {@code stack-launcher.jar} as a process, with a project directory, a state directory and an environment of the
 * test's own, on a copy of the stack that has its own name on the engine: neither the stack that the user works with nor
 * another test is touched. As a JUnit extension it takes down afterwards, with their data, the environments that the
 * test brought up, and when the test failed it keeps what is needed to see why in
 * {@code target/scenarios/<class>.<test>}: every run with its output, the project's {@code .env}, which containers there
 * were and what they logged. In a static field it serves all tests of the class.
 *
 * <pre>{@code
 * @RegisterExtension
 * final Launcher launcher = Launcher.create();
 *
 * @Test
 * void statusWhenNothingRunsSaysSo() throws Exception {
 *     Run run = launcher.run("status", "frostbyte");
 *     assertThat(run.exitCode()).as(run.toString()).isEqualTo(7);
 * }
 * }</pre>
 */
public final class Launcher implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Path KEPT = Path.of("target", "scenarios");
    private static final Duration LONGEST_RUN = Duration.ofMinutes(10);
    private static final List<String> INHERITED = List.of(
            "PATH",
            "HOME",
            "LANG",
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_CONFIG",
            "DOCKER_CERT_PATH",
            "DOCKER_TLS_VERIFY",
            "WITHSTACK_IMAGES");

    private final String stack;
    private final String nameOnEngine;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final Set<String> broughtUp = new LinkedHashSet<>();
    private Path directory = Path.of("");
    private Path project = Path.of("");
    private boolean servesClass;
    private boolean standsOnBase;

    private Launcher(String stack, String nameOnEngine) {
        this.stack = stack;
        this.nameOnEngine = nameOnEngine;
    }

    /** Return a launcher for scenarios of Frostbyte. */
    public static Launcher create() {
        return of("frostbyte");
    }

    /** Return a launcher for scenarios of this stack, which is the one that is taken down afterwards. */
    public static Launcher of(String stack) {
        return of(stack, stack);
    }

    /** Return a launcher for scenarios of this stack, whose names on the engine begin otherwise. */
    public static Launcher of(String stack, String nameOnEngine) {
        return new Launcher(stack, nameOnEngine);
    }

    /** Take the base of the stack's environments down too, with the last of them. */
    public Launcher onBase() {
        standsOnBase = true;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (!isChapter(context)) {
            servesClass = true;
            open();
        }
    }

    /** Tell whether it is a class within the one that this serves. */
    private static boolean isChapter(ExtensionContext context) {
        return context.getRequiredTestClass().isAnnotationPresent(Nested.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!servesClass) {
            open();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            keep(context.getRequiredTestClass().getSimpleName() + "."
                    + context.getRequiredTestMethod().getName());
        }
        if (!servesClass) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (isChapter(context)) {
            return;
        }
        if (context.getExecutionException().isPresent()) {
            keep(context.getRequiredTestClass().getSimpleName());
        }
        close();
    }

    /** Make the directories and forget what ran before. Whoever uses this as an extension need not. */
    public void open() throws IOException {
        directory = Files.createTempDirectory("withstack-scenario-");
        project = Files.createDirectory(directory.resolve("project"));
        environment.clear();
        runs.clear();
        broughtUp.clear();
        for (String name : INHERITED) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.put("XDG_STATE_HOME", directory.resolve("state").toString());
        environment.put("STACK_INSTANCE", newInstance());
    }

    /** Take down what was brought up and remove the directories. */
    public void close() throws Exception {
        for (String name : List.copyOf(broughtUp)) {
            if (standsOnBase) {
                run("down", "--stack", stack, "--env", name);
            } else {
                run("down", "--stack", stack, "--env", name, "--volumes", "--yes");
            }
        }
        if (standsOnBase) {
            run("down", "--stack", stack, "--env", "dev", "--base", "--volumes", "--yes");
        }
        remove(directory);
    }

    private static String newInstance() {
        return "it" + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);
    }

    /** Work with the stack that has the documents' names on the engine, not with a copy. */
    public Launcher withoutInstance() {
        environment.remove("STACK_INSTANCE");
        return this;
    }

    /** Return what names of containers begin with in an environment: {@code frostbyte-dev-it42}. */
    public String prefix(String environmentName) {
        String instance = environment.getOrDefault("STACK_INSTANCE", "");
        return nameOnEngine + "-" + environmentName + (instance.isEmpty() ? "" : "-" + instance);
    }

    /** Return what names of the base's containers begin with: {@code shia-chatbot-it42}. */
    public String basePrefix() {
        String instance = environment.getOrDefault("STACK_INSTANCE", "");
        return nameOnEngine + (instance.isEmpty() ? "" : "-" + instance);
    }

    /** Return the name of a volume in an environment: {@code frostbyte_redis_data-dev-it42}. */
    public String volume(String environmentName, String name) {
        String suffix = prefix(environmentName).substring(nameOnEngine.length());
        return nameOnEngine + "_" + name + (suffix.equals("-dev") ? "" : suffix);
    }

    /** Return all runs that have ended, in order. */
    public List<Run> runs() {
        return List.copyOf(runs);
    }

    /** Return the directory that runs are started in: empty unless the test puts something there. */
    public Path project() {
        return project;
    }

    /** Return where the launcher keeps its locks and ports. */
    public Path state() {
        return directory.resolve("state").resolve("withstack");
    }

    /** Return the project's sample applications in the source tree. */
    public static Path samples() {
        return Path.of("..", "examples", "apps").toAbsolutePath().normalize();
    }

    /** Start runs in this directory instead. */
    public Launcher in(Path other) {
        project = other;
        return this;
    }

    /** Start runs in a copy of the sample applications of this stack, in the test's own project. */
    public Launcher inCopyOfSample(String name) throws IOException {
        Path sample = samples().resolve(name);
        try (Stream<Path> files = Files.walk(sample)) {
            for (Path file : files.filter(Launcher::isSource).toList()) {
                Path copy = project.resolve(sample.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return this;
    }

    private static boolean isSource(Path file) {
        return !file.toString().contains("node_modules") && !file.toString().contains("__pycache__");
    }

    /** Set a variable of the environment for the runs that follow. */
    public Launcher environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Write these lines to the project's {@code .env}. */
    public Launcher dotEnv(String... lines) throws IOException {
        Files.write(project.resolve(".env"), List.of(lines));
        return this;
    }

    /** Take a variable out of the environment for the runs that follow. */
    public Launcher withoutEnvironment(String name) {
        environment.remove(name);
        return this;
    }

    /** Run to the end. */
    public Run run(String... arguments) throws InterruptedException {
        try (LiveRun live = begin(arguments)) {
            closeInput(live);
            return live.await(LONGEST_RUN);
        }
    }

    /** Begin a run that the test goes along with; whoever asked closes it. */
    public LiveRun begin(String... arguments) {
        return begin(process(arguments), arguments);
    }

    /** Begin a run at a terminal, at which the test answers for a person; whoever asked closes it. */
    public LiveRun beginOnTerminal(String... arguments) {
        String command = String.join(" ", process(arguments).command());
        return begin(new ProcessBuilder("script", "--quiet", "--return", "--command", command, "/dev/null"), arguments);
    }

    private LiveRun begin(ProcessBuilder builder, String... arguments) {
        noteEnvironments(arguments);
        builder.directory(project.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new LiveRun(List.of(arguments), builder.start(), runs::add);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't run " + builder.command(), e);
        }
    }

    private static ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/env"))) {
            // a build that runs in the background hands down an ignored Ctrl-C
            command.addAll(List.of("/usr/bin/env", "--default-signal=INT"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String images = System.getProperty("withstack.images", "");
        if (!images.isEmpty()) {
            command.add("-Dwithstack.images=" + images);
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private void noteEnvironments(String... arguments) {
        for (String word : arguments) {
            switch (word) {
                case "dev", "start", "local" -> broughtUp.add("dev");
                case "stage", "prod" -> broughtUp.add(word);
                default -> {}
            }
        }
    }

    private static void closeInput(LiveRun live) {
        try {
            live.input().close();
        } catch (IOException e) {
            // it has ended already
        }
    }

    private static Path jar() {
        Path jar = Path.of(System.getProperty("withstack.jar", "target/stack-launcher.jar"))
                .toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    "'" + jar + "' is not there. Build it with: ./mvnw -pl stack-launcher -am package");
        }
        return jar;
    }

    /** Keep, under this name, what is needed to see why a scenario failed. */
    public void keep(String scenario) throws Exception {
        Path kept = KEPT.resolve(scenario);
        if (Files.exists(kept)) {
            remove(kept);
        }
        Files.createDirectories(kept);
        int number = 0;
        for (Run run : runs) {
            number++;
            Files.writeString(kept.resolve("run-%02d.txt".formatted(number)), run.toString());
        }
        Path settings = project.resolve(".env");
        if (Files.isRegularFile(settings)) {
            Files.copy(settings, kept.resolve("dotenv.txt"), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(kept.resolve("docker-ps.txt"), said(List.of("docker", "ps", "--all", "--no-trunc")));
        for (String name : List.copyOf(broughtUp)) {
            List<String> containers = said(List.of(
                            "docker",
                            "ps",
                            "--all",
                            "--format",
                            "{{.Names}}",
                            "--filter",
                            "name=^" + prefix(name) + "-"))
                    .lines()
                    .toList();
            for (String container : containers) {
                Files.writeString(
                        kept.resolve(container + ".log"),
                        said(List.of("docker", "logs", "--timestamps", "--tail", "300", container)));
            }
        }
    }

    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
