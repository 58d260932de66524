package dev.withstack.launcher.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A directory with a {@code compose.yaml} that a real Docker Compose brings up; closing it takes all down with its data. */
public final class ComposeProject implements AutoCloseable {
    private static final int LONGEST_MINUTES = 10;

    private final List<String> command;
    private final Path directory;

    private ComposeProject(List<String> command, Path directory) {
        this.command = command;
        this.directory = directory;
    }

    /**
     * Bring the project up and wait until it is healthy; without Compose, leave the test out. On a machine with much else
     * to do a health check may give up on a service that needs a minute longer, and another {@code up} goes on from there.
     */
    public static ComposeProject up(Path directory) throws IOException, InterruptedException {
        ComposeProject project = new ComposeProject(find(), directory);
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(LONGEST_MINUTES))
                    .pollInSameThread()
                    .untilAsserted(
                            () -> project.run("up", "--detach", "--wait", "--wait-timeout", "300", "--pull", "never"));
        } catch (RuntimeException | AssertionError e) {
            project.close();
            throw e;
        }
        return project;
    }

    private static List<String> find() {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .orElse(System.getProperty("user.home") + "/.cache");
        return Stream.of(
                        List.of("docker-compose"),
                        List.of("docker", "compose"),
                        List.of(cache + "/withstack/compose/docker-compose"))
                .filter(ComposeProject::isThere)
                .findFirst()
                .orElseGet(() -> {
                    Assumptions.abort("There is no Docker Compose 2 here; ./test sees to one.");
                    return List.of();
                });
    }

    private static boolean isThere(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("version", "--short"));
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && version.strip().matches("v?2\\..*");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Run one of Compose's commands on the project; return what it printed. */
    public String run(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--project-directory", directory.toString()));
        words.addAll(List.of(arguments));
        Path log = Files.createTempFile("withstack-compose-", ".log");
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean hasEnded = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
            String said = Files.readString(log);
            assertThat(hasEnded).as(words + "\n" + said).isTrue();
            assertThat(process.exitValue()).as(words + "\n" + said).isZero();
            return said;
        } finally {
            Files.delete(log);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("down", "--volumes", "--timeout", "5");
    }
}
