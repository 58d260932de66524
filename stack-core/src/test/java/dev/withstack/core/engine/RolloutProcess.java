package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.model.StackDefinition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Updates or deploys in a process of its own, which tells what happens line by line and can be killed. */
final class RolloutProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final List<String> seen = new ArrayList<>();

    private RolloutProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param command {@code update} or {@code deploy} */
    static RolloutProcess begin(Trial trial, String command, int port) throws IOException {
        return new RolloutProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RolloutProcess.class.getName(),
                        command,
                        trial.name(),
                        Integer.toString(port),
                        trial.state().toString(),
                        trial.project().toString(),
                        TrialImages.policy().name())
                .redirectErrorStream(true)
                .start());
    }

    public static void main(String[] arguments) {
        ContainerDriver driver = ContainerDriver.open(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of(arguments[4]),
                ImagePolicy.of(arguments[5]));
        StackDefinition wanted = RolloutIT.ofProcess(arguments[1], Integer.parseInt(arguments[2]), "2");
        try (StackEngine engine = new StackEngine(driver, Path.of(arguments[3]), Clock.systemUTC())) {
            if (arguments[0].equals("update")) {
                engine.update(wanted, List.of(), UpOptions.DEFAULT, RolloutProcess::say);
            } else {
                engine.deploy(wanted, Deployment.OF_ALL, UpOptions.DEFAULT, RolloutProcess::say);
            }
        }
    }

    private static void say(StackEvent event) {
        System.out.println(OtherProcess.line(event));
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
