package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.Backup;
import dev.withstack.core.data.Migrations;
import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.driver.container.ImagePolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Takes or restores a backup, or migrates, in a process of its own, which tells what happens line by line and can be killed. */
final class BackupProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final List<String> seen = new ArrayList<>();

    private BackupProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** @param what {@code backup}, {@code restore} or {@code restore-objects} and a backup's directory, or {@code migrate} and that of the files */
    static BackupProcess begin(Trial trial, String what, String password, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BackupProcess.class.getName(),
                what,
                trial.name(),
                password,
                trial.state().toString(),
                trial.project().toString(),
                TrialImages.policy().name()));
        command.addAll(List.of(more));
        return new BackupProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[4]);
        ContainerDriver driver = ContainerDriver.open(
                System.getenv(), Path.of(System.getProperty("user.home")), project, ImagePolicy.of(arguments[5]));
        try (StackEngine engine = new StackEngine(driver, Path.of(arguments[3]), Clock.systemUTC())) {
            var stack = arguments[0].equals("restore-objects")
                    ? KilledBackupIT.objects(arguments[1])
                    : KilledBackupIT.database(arguments[1], arguments[2]);
            if (arguments[0].equals("backup")) {
                engine.backup(stack, List.of(), project.resolve("backups"), BackupProcess::say);
            } else if (arguments[0].equals("migrate")) {
                new Migrations(
                                driver,
                                stack.map(db -> db.copy("migrations/0001.sql", "/docker-entrypoint-initdb.d/0001.sql")),
                                "db",
                                project,
                                Path.of(arguments[6]))
                        .apply(MigrationsIT.told(System.out::println));
            } else {
                engine.restore(stack, Backup.read(Path.of(arguments[6])), List.of(), BackupProcess::say);
            }
        }
    }

    private static void say(StackEvent event) {
        if (event instanceof StackEvent.Notice notice) {
            System.out.println(notice.text());
        }
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
