package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check --release} adds to what {@code check} says. */
class ReleaseCheckTests {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
    }

    @Test
    void checkWhenItIsForAReleaseSaysWhatSomebodyShouldKnowBefore() throws Exception {
        desk.run("dev");

        assertThat(desk.run("check", "--release").out())
                .endsWith(
                        """
                        Before a release
                        ✔ ok     variables  all are documented
                        ✔ ok     health     every service has a check that a new version has to pass
                        ! note   images     what these stand for may change from one start to the next: db:1, cache:1
                                           → ./stack lock shop
                        ! note   backup     there is none in backups/
                                           → ./stack backup shop --env dev
                        """);
        assertThat(desk.run("check").out()).doesNotContain("Before a release");
    }

    @Test
    void checkWhenItIsForAReleaseAndAllIsPreparedSaysSo() throws Exception {
        desk.run("dev");
        String digest = "sha256:" + "5".repeat(64);
        Files.writeString(directory.resolve("images.lock"), "db:1 = " + digest + "\ncache:1 = id " + digest + "\n");
        String manifest =
                "withstack backup 1\nstack shop\nenvironment dev\ntaken " + Desk.NOW.minusSeconds(3600) + "\n";
        Path backup = Files.createDirectories(directory.resolve("backups/shop-dev-1"));
        Files.writeString(
                backup.resolve("manifest"),
                manifest + "whole "
                        + HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256")
                                        .digest(manifest.getBytes(StandardCharsets.UTF_8)))
                        + "\n");

        assertThat(desk.run("check", "--release").out())
                .contains(
                        "images     all that are pulled are locked\n",
                        "backup     the newest is of 2026-01-31T11:00:00Z\n");
    }
}
