package dev.withstack.launcher.integrador;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is done for Python before the services start. A directory with a wheel stands for the index of packages; the
 * gateway alone is started, on a Redis alone.
 */
class PythonIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @RegisterExtension
    final Launcher launcher = Launcher.of("integrador");

    private Backend backend;

    @BeforeEach
    void needAPackageMore() throws Exception {
        backend = Backend.copy(launcher);
        // Debian has the server's library apart
        Path requirements = backend.directory().resolve("requirements.txt");
        Files.writeString(requirements, Files.readString(requirements).replace("psycopg[binary]", "psycopg"));
        Path wheels = Files.createDirectory(launcher.project().resolve("wheels"));
        launcher.environment("VENV_SYSTEM_PACKAGES", "true").environment("PIP_FIND_LINKS", wheels.toString());
        writeWheel(wheels);
    }

    /** The others are left out: Debian's packages name parts that they do without, and an installer would look for them. */
    private void requireGreeting() throws IOException {
        Files.writeString(backend.directory().resolve("requirements.txt"), "menu-greeting>=1.0\n");
        Path main = backend.directory().resolve("ws_gateway/main.py");
        Files.writeString(main, "import menu_greeting\n" + Files.readString(main));
    }

    private static void writeWheel(Path directory) throws IOException {
        String info = "menu_greeting-1.0.dist-info/";
        Map<String, String> files = Map.of(
                "menu_greeting.py",
                "WORD = 'hello'\n",
                info + "METADATA",
                "Metadata-Version: 2.1\nName: menu-greeting\nVersion: 1.0\n",
                info + "WHEEL",
                "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                info + "RECORD",
                "menu_greeting.py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n");
        try (ZipOutputStream wheel =
                new ZipOutputStream(Files.newOutputStream(directory.resolve("menu_greeting-1.0-py3-none-any.whl")))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                wheel.putNextEntry(new ZipEntry(file.getKey()));
                wheel.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private String startAndEnd() throws Exception {
        try (LiveRun live = launcher.begin("start", "integrador", "ws-gateway").awaitOutput("Staying with", LONGEST)) {
            assertThat(backend.get(backend.gateway(), "/ws/health").statusCode())
                    .isEqualTo(200);
            String printed = live.printed();
            live.interrupt().await(LONGEST);
            backend.awaitNobody();
            return printed;
        }
    }

    @Test
    @Row("integrador.step-venv")
    @Row("integrador.step-dependencies")
    void startWhenAPackageIsMissingMakesAnEnvironmentOnceAndInstallsIntoItOnce() throws Exception {
        assertThat(startAndEnd()).as("the system has everything").doesNotContain("prepare");
        assertThat(backend.directory().resolve(".venv")).doesNotExist();
        requireGreeting();

        String first = startAndEnd();
        String second = startAndEnd();

        assertThat(first)
                .contains(
                        "prepare the virtual environment .venv (there is none, and the system lacks menu-greeting>=1.0)")
                .contains("prepare the packages of requirements.txt (missing: menu-greeting>=1.0)");
        assertThat(second).doesNotContain("prepare");
        assertThat(backend.directory().resolve(".venv/bin/python")).exists();
    }

    @Test
    @Row("integrador.step-venv")
    void startWhenAnEnvironmentIsThereUsesIt() throws Exception {
        String python = System.getenv().containsKey("PYTHON") ? System.getenv("PYTHON") : "/usr/bin/python3";
        Process made = new ProcessBuilder(
                        Files.exists(Path.of(python)) ? python : "python3",
                        "-m",
                        "venv",
                        "--system-site-packages",
                        "venv")
                .directory(backend.directory().toFile())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        requireGreeting();

        String printed = startAndEnd();

        assertThat(printed).contains("prepare the packages of requirements.txt").doesNotContain("virtual environment");
        assertThat(backend.directory().resolve(".venv")).doesNotExist();
    }

    @Test
    @Row("integrador.step-dependencies")
    void startWhenAPackageIsNowhereShowsWhatTheInstallerSaid() throws Exception {
        Files.writeString(
                backend.directory().resolve("requirements.txt"), "\nno-such-package>=1.0\n", StandardOpenOption.APPEND);

        Run run = launcher.run("start", "integrador", "ws-gateway");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
        assertThat(run.err())
                .contains("failed while getting what it needs of this host", "no-such-package", "run it in '");
        assertThat(backend.processes()).isEmpty();
    }

    @Test
    @Row("integrador.step-directory")
    void startWhenTheDirectoryIsNoBackendSaysWhatIsMissedThere() throws Exception {
        Path empty = Files.createDirectory(launcher.project().resolve("empty"));

        Run run = launcher.run("start", "integrador", "--project", empty.toString());

        assertThat(run.exitCode()).as(run.toString()).isNotZero();
        assertThat(run.err()).contains(empty.toString(), "there is no rest_api/main.py", "--project");
    }

    @Test
    @Row("integrador.env-file")
    void initWritesAnEnvFileWithSecretsOfItsOwnThatIsRead() throws Exception {
        Run init = launcher.run("init", "integrador");
        assertThat(init.exitCode()).as(init.toString()).isZero();

        String written = Files.readString(backend.directory().resolve(".env"));
        assertThat(written)
                .containsPattern("(?m)^JWT_SECRET=[0-9a-f]{32,}$")
                .containsPattern("(?m)^TABLE_TOKEN_SECRET=[0-9a-f]{32,}$");
        Files.writeString(
                backend.directory().resolve(".env"),
                "\nALLOWED_ORIGINS=http://pages.example\n",
                StandardOpenOption.APPEND);
        Run config = launcher.run("config", "integrador");
        assertThat(config.out()).contains("http://pages.example").contains(".env");
    }
}
