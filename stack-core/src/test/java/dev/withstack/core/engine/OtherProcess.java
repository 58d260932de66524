package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Brings a stack up in a process of its own, which tells what happens line by line and can be killed. */
final class OtherProcess implements AutoCloseable {
    /** A database that does not come to the end of its first start. */
    static final String KEEPING = "keeping";

    private final Process process;
    private final BufferedReader output;
    private final List<String> seen = new ArrayList<>();

    private OtherProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static OtherProcess begin(Trial trial, String what, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(properties));
        command.addAll(List.of(
                OtherProcess.class.getName(),
                what,
                trial.name(),
                trial.state().toString(),
                trial.project().toString(),
                TrialImages.policy().name()));
        return new OtherProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** What the process does: up, its events on the standard output. */
    public static void main(String[] arguments) {
        ContainerDriver driver = ContainerDriver.open(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of(arguments[3]),
                ImagePolicy.of(arguments[4]));
        try (StackEngine engine = new StackEngine(driver, Path.of(arguments[2]), Clock.systemUTC())) {
            engine.up(
                    definition(arguments[0], arguments[1]),
                    Selection.all(),
                    arguments[0].equals(KEEPING)
                            ? UpOptions.DEFAULT.newVolumes(UpOptions.NewVolumes.KEPT_FIRST)
                            : UpOptions.DEFAULT,
                    event -> System.out.println(line(event)));
        }
    }

    /** Return the definition that both processes mean by the word. */
    static StackDefinition definition(String what, String stack) {
        Service db = Trial.web("db", 200).probe(Probe.http("/"));
        Service api = Trial.web("api", 200).probe(Probe.http("/"));
        return switch (what) {
            case "pair" ->
                StackDefinition.of(stack, Environment.DEV)
                        .add(db, api.needs(db))
                        .build();
            case "pair-with-volume", "pair-with-volume-changed" -> {
                Service keeping = (what.endsWith("changed") ? db.env("NEW", "1") : db).volume("data", "/data");
                yield StackDefinition.of(stack, Environment.DEV)
                        .add(keeping, api.needs(keeping))
                        .build();
            }
            case KEEPING ->
                StackDefinition.of(stack, Environment.DEV)
                        .add(Postgres.service("db")
                                .anyHostPort("")
                                .data("data")
                                .initScript("10-wait.sql", Value.text("SELECT pg_sleep(600)"))
                                .stopPolicy(Trial.AT_ONCE))
                        .build();
            default ->
                StackDefinition.of(stack, Environment.DEV)
                        .add(Service.image("app", what).command("sleep", "1000").stopPolicy(Trial.AT_ONCE))
                        .build();
        };
    }

    /** Return an event as one line, such as {@code StepStarted create db}. */
    static String line(StackEvent event) {
        String kind = event.getClass().getSimpleName();
        if (event instanceof StackEvent.StepStarted started) {
            return kind + " " + started.step().step().text();
        } else if (event instanceof StackEvent.StepDone done) {
            return kind + " " + done.step().step().text();
        } else if (event instanceof StackEvent.NotReady waiting) {
            return kind + " " + waiting.service();
        } else if (event instanceof StackEvent.Ready ready) {
            return kind + " " + ready.service();
        }
        return kind;
    }

    long pid() {
        return process.pid();
    }

    /** Wait until it has written a line that begins so. */
    void awaitLine(String beginning) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            if (line.startsWith(beginning)) {
                return;
            }
        }
        throw new AssertionError("No line '" + beginning + "' in " + seen);
    }

    /** Read the rest and return its exit code. */
    int awaitEnd() throws IOException, InterruptedException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
        }
        return process.waitFor();
    }

    List<String> seen() {
        return List.copyOf(seen);
    }

    /** Kill it, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
