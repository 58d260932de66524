package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is done to a stack that runs, tried on Frostbyte's PostgreSQL alone. */
class OperateIT {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final String AWKWARD = "a\"b\\c'd e%f&g$h#i{}[]?ü→";

    @RegisterExtension
    static final Launcher launcher = Launcher.create();

    private static final String PORT = Integer.toString(FreePorts.inARow(1));

    /** What a test has done to it is mended by the next start. */
    @BeforeEach
    void start() throws Exception {
        launcher.environment("POSTGRES_PORT", PORT);
        launcher.environment("POSTGRES_PASSWORD", AWKWARD);
        well("start", "frostbyte", "postgres");
    }

    @Test
    @Row("common.events")
    void eventsTellWhatHasHappenedAndWhatHappens() throws Exception {
        try (LiveRun live = launcher.begin("events", "frostbyte")) {
            await().atMost(SOON).untilAsserted(() -> {
                freezeForAMoment();
                assertThat(live.printed()).contains("paused", "resumed");
            });
            live.interrupt();
            assertThat(live.await(SOON).exitCode()).isIn(0, 130);
        }
        // the engine forgets soon what has happened, the sooner the more happens elsewhere
        await().atMost(SOON).untilAsserted(() -> {
            freezeForAMoment();
            assertThat(well("events", "frostbyte", "--since", "10m").out())
                    .containsPattern("postgres +(paused|resumed)");
        });
    }

    private static void freezeForAMoment() {
        Docker.run("pause", container());
        Docker.run("unpause", container());
    }

    @Test
    @Row("common.top")
    void topTellsWhatAServiceUses() throws Exception {
        Run top = well("top", "frostbyte", "--output", "json");

        assertThat(top.events("usage")).singleElement().satisfies(usage -> {
            assertThat(usage).containsEntry("service", "postgres").containsKeys("cpus", "memoryLimitBytes");
            assertThat(((Number) usage.get("memoryBytes")).longValue()).isPositive();
        });
    }

    @Test
    @Row("common.bundle")
    void bundleHoldsWhatAColleagueNeedsAndNoSecret() throws Exception {
        // the server logs the statement that it does not understand
        launcher.run("shell", "frostbyte", "db", "--", "-c", "select $q$" + AWKWARD + "$q$ as told where");

        Path archive = launcher.project().resolve("sent.zip");
        well("bundle", "frostbyte", "--out", archive.toString());

        StringBuilder all = new StringBuilder();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                all.append(entry.getName()).append('\n').append(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(all)
                .contains("/check.txt", "/logs/postgres.log", "database system is ready", "***")
                .doesNotContain(AWKWARD);
    }

    @Test
    @Row("common.secrets-nowhere")
    void secretWithEveryAwkwardSignStandsNowhereButWhereItIsNeeded() throws Exception {
        Path exported = launcher.project().resolve("exported");
        List<Run> runs = new ArrayList<>();
        for (String command : List.of(
                "start frostbyte postgres",
                "start frostbyte postgres --output json",
                "restart frostbyte postgres",
                "plan frostbyte --output json",
                "status frostbyte --output json",
                "check frostbyte",
                "check frostbyte --output json",
                "config frostbyte",
                "config frostbyte --output json",
                "env frostbyte pipeline-api",
                "env frostbyte pipeline-api --for container --output json",
                "urls frostbyte",
                "graph frostbyte",
                "timings frostbyte --output json",
                "top frostbyte",
                "logs frostbyte",
                "events frostbyte --since 10m",
                "backup frostbyte postgres",
                "backups frostbyte",
                "migrate frostbyte postgres --from nowhere",
                "restart frostbyte postgres --set POSTGRES_USER=nobody",
                "export compose --stack frostbyte --out " + exported)) {
            runs.add(launcher.run(command.split(" ")));
        }

        assertThat(runs).allSatisfy(run -> assertThat(forms(run.out() + run.err()))
                .as(String.join(" ", run.command()))
                .isEmpty());
        assertThat(runs).filteredOn(run -> run.exitCode() == 0).hasSizeGreaterThan(16);
        assertThat(filesWithIt(launcher.state())).isEmpty();
        assertThat(filesWithIt(launcher.project()))
                .as("the file of secrets that an export is run with")
                .containsExactly(exported.resolve(".env"));
        for (String kind : List.of("container", "volume", "network", "image")) {
            assertThat(forms(labelsOf(kind))).as("labels of a " + kind).isEmpty();
        }
        Docker.Facts container = Docker.inspect(container());
        assertThat(container.environment()).containsEntry("POSTGRES_PASSWORD", AWKWARD);
        assertThat(forms(container.at("Config", "Healthcheck") + " " + container.at("Args")))
                .as("what everybody on the host sees of a process")
                .isEmpty();
    }

    /** Return in which ways the text has the secret. */
    private static List<String> forms(String text) {
        String inJson = AWKWARD.replace("\\", "\\\\").replace("\"", "\\\"");
        String inUrl = URLEncoder.encode(AWKWARD, StandardCharsets.UTF_8);
        return Stream.of(AWKWARD, inJson, inUrl, inUrl.replace("+", "%20"), AWKWARD.replace("'", "'\\''"))
                .filter(text::contains)
                .toList();
    }

    private static List<Path> filesWithIt(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!forms(Files.readString(file, StandardCharsets.ISO_8859_1)).isEmpty()
                        || !forms(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                                .isEmpty()) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    private static String labelsOf(String kind) {
        String ids = Docker.run(kind, "ls", "--quiet", "--filter", "label=dev.withstack.stack=frostbyte");
        List<String> words = new ArrayList<>(List.of(kind, "inspect"));
        words.addAll(ids.lines().toList());
        return ids.isBlank()
                ? ""
                : Docker.run(Stream.concat(
                                words.stream(),
                                Stream.of(
                                        "--format",
                                        kind.equals("container") || kind.equals("image")
                                                ? "{{json .Config.Labels}}"
                                                : "{{json .Labels}}"))
                        .toArray(String[]::new));
    }

    @Test
    @Row("common.restart-same")
    void restartFromATerminalThatDoesNotKnowTheSettingsTouchesNothing() throws Exception {
        String before = Docker.inspect(container()).text("State", "StartedAt");
        launcher.withoutEnvironment("POSTGRES_PASSWORD");

        Run refused = launcher.run("restart", "frostbyte", "postgres");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(4);
        assertThat(refused.err()).containsPattern("postgres: config changed: .*POSTGRES_PASSWORD");
        assertThat(Docker.inspect(container()).text("State", "StartedAt")).isEqualTo(before);
    }

    @Test
    @Row("common.supervise")
    void superviseStaysWithWhatWasStartedBefore() throws Exception {
        try (LiveRun live = launcher.begin("supervise", "frostbyte")) {
            live.awaitOutput("Watching frostbyte", SOON);

            Docker.run("kill", container());

            live.awaitOutput("postgres ended with exit code 137", SOON).interrupt();
            assertThat(live.await(SOON).exitCode()).isIn(0, 130);
        }
    }

    @Test
    @Row("common.pull")
    void pullWithoutARegistryLeavesWhatIsThere() throws Exception {
        Run pull = well("pull", "frostbyte", "postgres");

        assertThat(pull.out()).contains("postgres: ");
        assertThat(Docker.inspect(container()).text("State", "Status")).isEqualTo("running");
    }

    private static String container() {
        return launcher.prefix("dev") + "-postgres";
    }

    private static Run well(String... arguments) throws InterruptedException {
        Run run = launcher.run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }
}
