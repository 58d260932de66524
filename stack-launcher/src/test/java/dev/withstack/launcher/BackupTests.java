package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.Desk.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code backup}, {@code backups} and {@code restore} say, of backups that lie on the disk. */
class BackupTests {
    @TempDir
    Path directory;

    private Desk desk;
    private Path shelf;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
        shelf = directory.resolve("backups");
    }

    /** Write a backup of one file by hand: what it looks like on the disk is a contract between versions. */
    private Path write(String name, String environment, String taken) throws Exception {
        Path backup = Files.createDirectories(shelf.resolve(name));
        Files.writeString(backup.resolve("db.rows.sql"), "two rows");
        String manifest =
                """
                withstack backup 1
                stack shop
                environment %s
                taken %s
                part postgres db postgres:16-alpine postgres/16/real
                file %s 8 db.rows.sql rows
                count 2 public.goods
                """
                        .formatted(environment, taken, digest("two rows"));
        Files.writeString(backup.resolve("manifest"), manifest + "whole " + digest(manifest) + "\n");
        return backup;
    }

    private static String digest(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void backupsWhenThereAreSomeListsThemTheNewestFirst() throws Exception {
        write("shop-dev-1", "dev", "2026-01-30T02:00:00Z");
        write("shop-stage-1", "stage", "2026-01-31T02:00:00Z");

        assertThat(desk.run("backups").out())
                .isEqualTo(
                        """
                        BACKUP        ENVIRONMENT  TAKEN                 SIZE  SERVICES
                        shop-stage-1  stage        2026-01-31T02:00:00Z  8 B   db
                        shop-dev-1    dev          2026-01-30T02:00:00Z  8 B   db
                        """);
        assertThat(desk.run("backups", "list", "--output", "json").out().lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"event\":\"backup\"", "\"name\":\"shop-stage-1\"", "\"bytes\":8");
    }

    @Test
    void backupsWhenThereAreNoneSaysWhereItLooked() {
        assertThat(desk.run("backups", "--from", "/nowhere"))
                .isEqualTo(new Outcome(0, "There are no backups of shop in '/nowhere'.\n", ""));
    }

    @Test
    void verifyWhenOneIsDamagedNamesTheFileAndFails() throws Exception {
        write("shop-dev-1", "dev", "2026-01-30T02:00:00Z");
        Files.writeString(write("shop-dev-2", "dev", "2026-01-31T02:00:00Z").resolve("db.rows.sql"), "two r0ws");
        Path cutOff = write("shop-dev-3", "dev", "2026-01-31T03:00:00Z").resolve("manifest");
        Files.writeString(cutOff, Files.readString(cutOff).substring(0, 100));

        Outcome all = desk.run("backups", "verify");

        assertThat(all.out())
                .isEqualTo(
                        """
                        shop-dev-2: db.rows.sql was altered: its SHA-256 is another
                        shop-dev-1: whole
                        shop-dev-3: its manifest was altered or cut off
                        """);
        assertThat(all.exitCode()).isEqualTo(5);
        assertThat(desk.run("backups", "verify", "shop-dev-1")).isEqualTo(new Outcome(0, "shop-dev-1: whole\n", ""));
    }

    @Test
    void pruneWhenEnvironmentsHaveBackupsKeepsThoseOfEach() throws Exception {
        write("shop-dev-1", "dev", "2026-01-29T02:00:00Z");
        write("shop-dev-2", "dev", "2026-01-30T02:00:00Z");
        write("shop-dev-3", "dev", "2026-01-30T03:00:00Z");
        write("shop-stage-1", "stage", "2026-01-28T02:00:00Z");

        Outcome outcome = desk.run("backups", "prune", "--keep-daily", "1");

        assertThat(outcome.out()).isEqualTo("Removed shop-dev-2\nRemoved shop-dev-1\n");
        assertThat(shelf.resolve("shop-dev-3")).exists();
        assertThat(shelf.resolve("shop-stage-1")).exists();
        assertThat(shelf.resolve("shop-dev-1")).doesNotExist();
    }

    @Test
    void pruneWhenNothingSaysWhatIsKeptRemovesNothing() throws Exception {
        write("shop-dev-1", "dev", "2026-01-29T02:00:00Z");

        Outcome outcome = desk.run("backups", "prune");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .isEqualTo("prune removes what is not kept: say what is, such as with --keep-hourly 24 --keep-daily 30."
                        + " Nothing was removed.\n");
        assertThat(desk.run("backups", "prune", "--keep-daily", "-1").exitCode())
                .isEqualTo(2);
        assertThat(shelf.resolve("shop-dev-1")).exists();
    }

    @Test
    void backupsWhenTheWordIsUnknownOffersTheNearest() {
        Outcome outcome = desk.run("backups", "purne");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("'purne' is nothing that is done with backups: list, verify, prune.", "prune");
    }

    @Test
    void backupWhenNothingRunsSaysWhatToStart() throws IOException {
        Outcome outcome = desk.run("backup");

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err()).contains("'db' of shop (dev) is not running");
        assertThat(shelf).doesNotExist();
    }

    @Test
    void backupWhenItIsToBeScheduledPrintsTheLineForCronAndTakesNone() {
        desk.environment.put("DOCKER_HOST", "tcp://100%:1");

        assertThat(desk.run("backup", "shop", "--env", "prod", "--schedule", "cron", "--to", "/mnt/my safe"))
                .isEqualTo(new Outcome(
                        0,
                        "0 * * * * cd " + directory + " && DOCKER_HOST=tcp://100\\%:1 " + directory
                                + "/stack backup shop --env prod --to '/mnt/my safe' --keep-hourly 24 --keep-daily 30"
                                + " --output quiet\n",
                        ""));
        desk.environment.remove("DOCKER_HOST");
        assertThat(desk.run("backup", "--env", "stage", "--schedule", "cron", "--keep-daily", "3")
                        .out())
                .isEqualTo("0 2 * * * cd " + directory + " && " + directory
                        + "/stack backup shop --env stage --keep-daily 3 --output quiet\n");
        assertThat(shelf).doesNotExist();
    }

    @Test
    void backupWhenItIsToBeScheduledPrintsTheUnitsForSystemd() {
        assertThat(desk.run("backup", "--env", "prod", "--schedule", "systemd").out())
                .isEqualTo(
                        """
                        # /etc/systemd/system/withstack-backup-shop-prod.service
                        [Unit]
                        Description=Backup of shop (prod)
                        Requires=docker.service
                        After=docker.service

                        [Service]
                        Type=oneshot
                        User=%2$s
                        WorkingDirectory=%1$s
                        ExecStart=%1$s/stack backup shop --env prod --keep-hourly 24 --keep-daily 30 --output quiet

                        # /etc/systemd/system/withstack-backup-shop-prod.timer, then: systemctl enable --now withstack-backup-shop-prod.timer
                        [Unit]
                        Description=Backups of shop (prod)

                        [Timer]
                        OnCalendar=hourly
                        Persistent=true

                        [Install]
                        WantedBy=timers.target
                        """
                                .formatted(directory, System.getProperty("user.name")));
    }

    @Test
    void restoreWhenNobodyCanBeAskedRefusesAndSaysWhatWouldBeLost() throws Exception {
        write("shop-dev-1", "dev", "2026-01-30T02:00:00Z");
        desk.run("start");
        desk.engine.performed();

        Outcome outcome = desk.run("restore", "latest");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out())
                .isEqualTo("This replaces in shop (dev), by shop-dev-1 taken 2026-01-30T02:00:00Z:\n"
                        + "  what db keeps now\n");
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void restoreWhenThereIsNoSuchBackupOffersTheNearest() throws Exception {
        write("shop-dev-1", "dev", "2026-01-30T02:00:00Z");

        assertThat(desk.run("restore", "shop-dev-l").err())
                .contains("There is no backup 'shop-dev-l' in '" + shelf + "'.", "shop-dev-1", "./stack backups");
        assertThat(desk.run("restore").err()).startsWith("Which backup?");
        assertThat(desk.run("restore", "latest", "--env", "stage").err())
                .startsWith("There is no backup of shop (stage) in '" + shelf + "'.");
    }

    @Test
    void restoreWhenSettingsDifferFromThoseThatRunTouchesNothing() throws Exception {
        write("shop-dev-1", "dev", "2026-01-30T02:00:00Z");
        desk.run("start");
        desk.engine.performed();

        Outcome outcome = desk.run("restore", "latest", "--yes", "--set", "DB_PASSWORD=another");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("was started with other settings", "db: config changed: env DB_PASSWORD");
        assertThat(desk.engine.performed()).isEmpty();
    }

    @Test
    void restoreWhenTheBackupIsDamagedTouchesNothing() throws Exception {
        Files.writeString(write("shop-dev-1", "dev", "2026-01-30T02:00:00Z").resolve("db.rows.sql"), "two r0ws");
        desk.run("start");
        desk.engine.performed();

        Outcome outcome = desk.run("restore", "shop-dev-1", "--yes");

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err())
                .isEqualTo("The backup '" + shelf.resolve("shop-dev-1")
                        + "' is damaged: db.rows.sql was altered: its SHA-256 is another.\n"
                        + "→ nothing was touched; take another one: backups list\n");
        assertThat(desk.engine.performed()).isEmpty();
    }
}
