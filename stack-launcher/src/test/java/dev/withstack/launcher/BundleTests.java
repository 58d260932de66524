package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.Driver;
import dev.withstack.launcher.Desk.Outcome;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that a colleague is sent. */
class BundleTests {
    private static final String AWKWARD = "a\"b\\c'd e%f&g$h#i{}[]?ü→";

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @Test
    void bundleWhenTheStackRunsHoldsWhatTheCommandsSay() throws IOException {
        desk.run("start");
        desk.engine.log.add(new Driver.LogLine("db", Desk.NOW, "ready"));

        Outcome outcome = desk.run("bundle");

        Path archive = directory.resolve("shop-dev-20260131-120000.zip");
        assertThat(outcome)
                .isEqualTo(new Outcome(
                        0,
                        "Wrote " + archive + ": 11 files, secrets masked. Look through it before you send it.\n",
                        ""));
        Map<String, String> files = read(archive);
        assertThat(files.keySet().stream().map(name -> name.substring(name.indexOf('/') + 1)))
                .containsExactly(
                        "about.txt",
                        "check.txt",
                        "status.txt",
                        "plan.txt",
                        "config.txt",
                        "graph.txt",
                        "timings.txt",
                        "events.txt",
                        "logs/api.log",
                        "logs/cache.log",
                        "logs/db.log");
        assertThat(files.get("shop-dev-20260131-120000/status.txt")).startsWith("shop (dev)\n");
        assertThat(files.get("shop-dev-20260131-120000/logs/db.log")).isEqualTo("db | ready\n");
        assertThat(files.get("shop-dev-20260131-120000/config.txt")).contains("DB_PASSWORD");
    }

    @Test
    void bundleWhenASecretIsAwkwardHasItNowhereInAnyForm() throws IOException {
        desk.environment.put("DB_PASSWORD", AWKWARD);
        String inJson = AWKWARD.replace("\\", "\\\\").replace("\"", "\\\"");
        String inUrl = URLEncoder.encode(AWKWARD, StandardCharsets.UTF_8);
        desk.run("start");
        for (String form : new String[] {AWKWARD, inJson, inUrl, inUrl.replace("+", "%20")}) {
            desk.engine.log.add(new Driver.LogLine("db", Desk.NOW, "login of shop:" + form + "@db refused"));
        }

        desk.run("bundle", "--out", "sent.zip");

        Map<String, String> files = read(directory.resolve("sent.zip"));
        assertThat(files.get("shop-dev-20260131-120000/logs/db.log"))
                .isEqualTo("db | login of shop:***@db refused\n".repeat(4));
        files.forEach((name, text) ->
                assertThat(text).as(name).doesNotContain(AWKWARD, inJson, inUrl, inUrl.replace("+", "%20")));
    }

    @Test
    void bundleWhenWrittenIsForItsOwnerAloneAndOverwritesNothing() throws IOException {
        desk.run("start");
        desk.run("bundle", "--out", "sent.zip");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("sent.zip"))))
                .isEqualTo("rw-------");
        assertThat(desk.run("bundle", "--out", "sent.zip"))
                .isEqualTo(new Outcome(
                        2,
                        "",
                        "'" + directory.resolve("sent.zip")
                                + "' is there already. Remove it, or give another one with --out.\n"));
    }

    @Test
    void bundleWhenNothingRunsSaysSoInIt() throws IOException {
        desk.run("bundle", "--out", "sent.zip");

        assertThat(read(directory.resolve("sent.zip")).get("shop-dev-20260131-120000/status.txt"))
                .isEqualTo("shop (dev) is not running. Start it with: ./stack dev shop\n");
    }

    private static Map<String, String> read(Path archive) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
