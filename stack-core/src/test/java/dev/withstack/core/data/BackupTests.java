package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Step;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup is on the disk, how damage to it is found, and which are kept. */
class BackupTests {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @TempDir
    Path shelf;

    private final List<String> progress = new ArrayList<>();

    private Backup pack(String name, Instant taken, String kind, byte[] content) throws Exception {
        try (Packing packing = Packing.begin(shelf, name, progress::add)) {
            Manifest.Piece piece = packing.add("db.rows.sql", "rows", out -> {
                out.write(content);
                return Map.of("public.goods", 2L);
            });
            Manifest manifest = new Manifest(
                    "shop", "dev", taken, List.of(new Manifest.Part("db", kind, "postgres:16", List.of(piece))));
            return new Backup(packing.finish(manifest), manifest);
        }
    }

    private Backup pack(String name) throws Exception {
        return pack(name, NOON, "postgres", "two rows".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void packedWhenReadAgainIsTheSameAndWhole() throws Exception {
        Backup packed = pack("shop-dev-1");

        Backup read = Backup.read(packed.directory());

        assertThat(read).isEqualTo(packed);
        assertThat(read.problems()).isEmpty();
        assertThat(read.manifest().parts().get(0).pieces().get(0).counts()).containsEntry("public.goods", 2L);
        assertThat(Backup.in(shelf)).containsExactly(packed);
        assertThat(progress).containsExactly("db.rows.sql: 8 B");
    }

    @Test
    void manifestWhenNamesHoldOddSignsIsReadAsItWasWritten() throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("public.\"a b%0A\nc\"", 7L);
        counts.put("", 0L);
        Manifest manifest = new Manifest(
                "shop",
                "dev",
                NOON,
                List.of(
                        new Manifest.Part(
                                "db",
                                "postgres",
                                "",
                                List.of(new Manifest.Piece("f.sql", 1, "ab", "rows über\r\n100%", counts))),
                        new Manifest.Part("cache", "redis", "redis:7 redis/7/real", List.of())));

        assertThat(Manifest.read(manifest.text())).isEqualTo(manifest);
    }

    @Test
    void packedWhenWrittenIsForItsOwnersEyesOnly() throws Exception {
        Backup packed = pack("shop-dev-1");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(packed.directory())))
                .isEqualTo("rwx------");
        for (String file : List.of("manifest", "db.rows.sql")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(packed.directory().resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void packWhenTheNameIsTakenTakesTheNext() throws Exception {
        pack("shop-dev-1");

        assertThat(pack("shop-dev-1").name()).isEqualTo("shop-dev-1-2");
    }

    @Test
    void packWhenItFailsLeavesNothing() {
        assertThatThrownBy(() -> {
                    try (Packing packing = Packing.begin(shelf, "shop-dev-1", progress::add)) {
                        packing.add("db.rows.sql", "rows", out -> {
                            throw new IOException("No space left on device");
                        });
                    }
                })
                .hasMessage("No space left on device");

        assertThat(shelf).isEmptyDirectory();
    }

    @Test
    void packWhenAnotherWasKilledHalfwayRemovesItsRestAndLeavesOneThatGoesOn() throws Exception {
        Path dead = Files.createDirectory(shelf.resolve(".shop-dev-0.partial"));
        Files.writeString(dead.resolve("manifest"), "");
        Files.writeString(dead.resolve("db.rows.sql"), "half");
        try (Packing goingOn = Packing.begin(shelf, "shop-dev-1", progress::add)) {
            pack("shop-dev-2");

            assertThat(shelf.resolve(".shop-dev-1.partial")).exists();
            assertThat(dead).doesNotExist();
            assertThat(Backup.in(shelf)).extracting(Backup::name).containsExactly("shop-dev-2");
        }
        assertThat(shelf.resolve(".shop-dev-1.partial")).doesNotExist();
    }

    @Test
    void problemsWhenAFileIsCutOffAlteredOrGoneNameIt() throws Exception {
        Backup packed = pack("shop-dev-1");
        Path file = packed.directory().resolve("db.rows.sql");

        Files.writeString(file, "two ro");
        assertThat(packed.problems()).containsExactly("db.rows.sql has 6 bytes instead of 8");

        Files.writeString(file, "two r0ws");
        assertThat(packed.problems()).containsExactly("db.rows.sql was altered: its SHA-256 is another");

        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/etc/hostname"));
        assertThat(packed.problems()).containsExactly("db.rows.sql is missing");
    }

    @Test
    void readWhenTheManifestIsCutOffOrAlteredRefuses() throws Exception {
        Path manifest = pack("shop-dev-1").directory().resolve("manifest");
        String text = Files.readString(manifest);

        for (String damaged : List.of(
                text.substring(0, text.length() - 5),
                text.substring(0, text.lastIndexOf("whole")),
                text.replace("db.rows.sql", "db.r0ws.sql"),
                text + "more\n",
                "")) {
            Files.writeString(manifest, damaged);

            assertThatThrownBy(() -> Backup.read(manifest.getParent()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("its manifest");
            assertThat(Backup.in(shelf)).isEmpty();
            assertThat(Backup.damagedIn(shelf)).containsExactly(manifest.getParent());
        }
    }

    @Test
    void problemsWhenAFileLiesElsewhereRefuseItUnread() throws IOException {
        for (String name : List.of("../outside", "/etc/passwd", "a/b", "..", ".hidden", "")) {
            Backup backup = new Backup(
                    shelf,
                    new Manifest(
                            "shop",
                            "dev",
                            NOON,
                            List.of(new Manifest.Part(
                                    "db",
                                    "postgres",
                                    "",
                                    List.of(new Manifest.Piece(name, 1, "00", "rows", Map.of()))))));

            assertThat(backup.problems()).containsExactly("'" + name + "' is no plain name of a file");
        }
    }

    @Test
    void problemsWhenAnArchiveHasAWayOutNameIt() throws Exception {
        for (String name : List.of("../outside", "a/../../b", "/etc/passwd")) {
            Backup packed = pack("shop-dev-1", NOON, "volumes", tar(name, "content"));

            assertThat(packed.problems()).containsExactly("db.rows.sql: '" + name + "' in the archive leads out of it");
        }
        assertThat(pack("shop-dev-2", NOON, "volumes", tar("a..b/c", "content")).problems())
                .isEmpty();
        byte[] whole = tar("a", "content");
        assertThat(pack("shop-dev-3", NOON, "volumes", java.util.Arrays.copyOf(whole, 700))
                        .problems())
                .containsExactly("db.rows.sql: the archive ends in the middle");
    }

    @Test
    void tarCheckWhenItPassesByInAnyPiecesCountsFilesAndChangesNothing() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.write(entry("a", "one"));
        archive.write(entry("dir/b", "x".repeat(1200)));
        archive.write(new byte[1024]);
        for (int size : new int[] {1, 7, 512, 10_000}) {
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            TarCheck check = new TarCheck(passed);
            byte[] bytes = archive.toByteArray();
            for (int at = 0; at < bytes.length; at += size) {
                check.write(bytes, at, Math.min(size, bytes.length - at));
            }
            check.end();

            assertThat(check.files()).isEqualTo(2);
            assertThat(passed.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void takeWhenAFileGrowsUnderTheArchivePausesTheServiceForAnother() throws Exception {
        byte[] whole = tar("a", "content");
        Service app = Service.image("app", "app:1").volume("files", "/files");
        StackDefinition stack =
                StackDefinition.of("shop", Environment.DEV).add(app).build();
        FakeDriver driver = new FakeDriver(Clock.fixed(NOON, ZoneOffset.UTC));
        for (Step step : List.of(new Step.CreateContainer("app"), new Step.StartContainer("app"))) {
            driver.perform(step, stack, driver.observe(stack, List.of("app")), text -> {});
        }
        driver.archives(java.util.Arrays.copyOf(whole, 700), whole);

        Backup backup =
                new Backups(driver, stack, Clock.fixed(NOON, ZoneOffset.UTC), progress::add).take(List.of(), shelf);

        assertThat(backup.name()).isEqualTo("shop-dev-20260131-120000");
        assertThat(backup.problems()).isEmpty();
        assertThat(backup.directory().resolve("app.files__files.tar")).hasBinaryContent(whole);
        assertThat(driver.performed()).endsWith("PAUSE app", "RESUME app");
    }

    @Test
    void takeWhenAServiceOnRequestIsNotThereLeavesItOutAndSaysSo() throws Exception {
        Service app = Service.image("app", "app:1").volume("files", "/files");
        Service models =
                Service.image("models", "models:1").volume("models", "/models").onRequest();
        StackDefinition stack =
                StackDefinition.of("shop", Environment.DEV).add(app, models).build();
        FakeDriver driver = new FakeDriver(Clock.fixed(NOON, ZoneOffset.UTC));
        for (Step step : List.of(new Step.CreateContainer("app"), new Step.StartContainer("app"))) {
            driver.perform(step, stack, driver.observe(stack, List.of("app")), text -> {});
        }
        driver.archives(tar("a", "content"));
        Backups backups = new Backups(driver, stack, Clock.fixed(NOON, ZoneOffset.UTC), progress::add);

        Backup backup = backups.take(List.of(), shelf);

        assertThat(backup.manifest().parts()).extracting(Manifest.Part::service).containsExactly("app");
        assertThat(progress).contains("models: left out, as it is started on request and is not there");
        assertThatThrownBy(() -> backups.take(List.of("models"), shelf)).hasMessageContaining("'models' of shop");
    }

    private static byte[] tar(String name, String content) throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        archive.write(entry(name, content));
        archive.write(new byte[1024]);
        return archive.toByteArray();
    }

    private static byte[] entry(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        byte[] entry = new byte[512 + (bytes.length + 511) / 512 * 512];
        put(entry, 0, name);
        put(entry, 100, "0000644");
        put(entry, 124, String.format("%011o", bytes.length));
        entry[156] = '0';
        put(entry, 257, "ustar");
        System.arraycopy(bytes, 0, entry, 512, bytes.length);
        return entry;
    }

    private static void put(byte[] header, int at, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, header, at, text.length());
    }

    @Test
    void surplusWhenThereAreManyKeepsTheLastOfEachHourAndDayAndTheNewest() {
        List<Backup> backups = new ArrayList<>();
        for (int quarter = 0; quarter < 4 * 24 * 40; quarter++) {
            backups.add(taken(NOON.minus(Duration.ofMinutes(15L * quarter))));
        }

        List<Backup> kept = new ArrayList<>(backups);
        kept.removeAll(new Retention(24, 30).surplus(backups));

        assertThat(kept).hasSize(24 + 30 - 2);
        assertThat(kept.get(0)).isEqualTo(taken(NOON));
        assertThat(kept)
                .contains(taken(Instant.parse("2026-01-31T11:45:00Z")), taken(Instant.parse("2026-01-30T23:45:00Z")))
                .contains(taken(Instant.parse("2026-01-02T23:45:00Z")))
                .doesNotContain(taken(Instant.parse("2026-01-01T23:45:00Z")));
        assertThat(new Retention(0, 0).surplus(backups)).hasSize(backups.size() - 1);
        assertThat(new Retention(24, 30).surplus(List.of())).isEmpty();
    }

    private Backup taken(Instant moment) {
        return new Backup(shelf.resolve(moment.toString()), new Manifest("shop", "dev", moment, List.of()));
    }

    @Test
    void censusWhenADumpPassesByCountsRowsAndLargeObjects() throws IOException {
        String dump =
                """
                --
                -- PostgreSQL database dump
                --
                SET statement_timeout = 0;
                COPY public.goods (id, name) FROM stdin;
                1\tone
                2\tCOPY public.fake (id) FROM stdin;
                \\\\.
                \\.

                COPY public."odd (name)" ("a b") FROM stdin;
                \\.
                SELECT pg_catalog.lo_create('16400');
                SELECT pg_catalog.lo_create('16401');
                -- PostgreSQL database dump complete
                --
                """;
        for (int size : new int[] {1, 2, 5, 31, 10_000}) {
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            DumpCensus census = new DumpCensus(passed);
            byte[] bytes = dump.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += size) {
                census.write(bytes, at, Math.min(size, bytes.length - at));
            }
            census.checkWhole();

            assertThat(census.counts())
                    .containsExactly(
                            Map.entry("public.goods", 3L),
                            Map.entry("public.\"odd (name)\"", 0L),
                            Map.entry("large objects", 2L));
            assertThat(passed.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void censusWhenADumpIsCutOffSaysSo() throws IOException {
        DumpCensus census = new DumpCensus(OutputStream.nullOutputStream());
        new ByteArrayInputStream("COPY public.goods (id) FROM stdin;\n1\n".getBytes(StandardCharsets.UTF_8))
                .transferTo(census);

        assertThatThrownBy(census::checkWhole).hasMessage("pg_dump ended in the middle");
    }
}
