package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.compose.ComposeFile;
import dev.withstack.core.compose.PublicFiles;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files in the shape of well-known public ones come up healthy, all of each, with {@link StandIns} for what no image is here of. */
class PublicFilesIT {
    private static final String STAND_IN = "withstack-test/stand-in:latest";

    @RegisterExtension
    final Trial trial = new Trial();

    @BeforeAll
    static void buildStandIn() throws Exception {
        docker(
                "build",
                "-q",
                "-t",
                STAND_IN,
                "--build-arg",
                "BASE=" + TrialImages.local(TrialImages.PYTHON),
                "src/test/stand-in");
    }

    @AfterAll
    static void removeStandIn() throws Exception {
        docker("rmi", "-f", STAND_IN);
    }

    private static void docker(String... words) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of("docker"), Stream.of(words)).toList();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }

    /** One wants to lock memory without a limit, which not every machine grants an engine, and one wants GPUs. */
    static List<PublicFiles> files() {
        return PublicFiles.ALL.stream()
                .filter(files -> !List.of("search-logs", "local-models").contains(files.name()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    @Row("compose.public")
    void upWhenAFileIsAsPublicOnesAreBringsAllOfItUpHealthy(PublicFiles files) throws Exception {
        copy(files.directory(), trial.project());
        List<Path> paths = files.files().stream().map(trial.project()::resolve).toList();
        Settings settings = Settings.of(Environment.TEST, Map.of("POSTGRES_PASSWORD", "kept-to-itself"));
        StackDefinition read = Profiles.load(ComposeFile.of(paths, settings), settings);
        StackDefinition stack =
                new StandIns(STAND_IN, trial.project()).in(read).called(StackId.of(trial.name(), Environment.TEST));

        RunningStack running = trial.up(stack);

        assertThat(stack.services().size()).isGreaterThanOrEqualTo(4);
        for (String name : stack.startedWithStack()) {
            Service service = stack.service(name);
            Observed.Container container = running.service(name).container().orElseThrow();
            assertThat(container.state())
                    .as(files.name() + ": " + name)
                    .isEqualTo(service.isOneShot() ? Observed.State.COMPLETED : Observed.State.RUNNING);
            if (!service.isOneShot() && service.probe().isPresent()) {
                assertThat(running.service(name).ask())
                        .as(files.name() + ": " + name)
                        .isInstanceOf(Answer.Ready.class);
            }
        }
        trial.engine().destroy(stack.id(), event -> {});
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
