package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.data.Backup;
import dev.withstack.core.data.Manifest;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What was saved is there again, to the byte; and whatever goes wrong on the way, what was there is there still. */
@Timeout(1800)
@Execution(ExecutionMode.CONCURRENT)
class BackupIT {
    /** With signs that mean something to a shell, to SQL, and in a URL. */
    private static final String PASSWORD = "pass'word \"$HOME\" %41&?";

    private static final String OTHER_PASSWORD = "other-password";

    @RegisterExtension
    final Trial trial = new Trial();

    static Postgres postgres(String password) {
        return Postgres.service("db")
                .anyHostPort("")
                .data("data")
                .user("shop")
                .database("shop")
                .password(Value.secret(password));
    }

    private static Redis redis() {
        return Redis.service("cache").anyHostPort("").data("keys").command("redis-server", "--appendonly", "yes");
    }

    static Minio minio() {
        return Minio.service("store")
                .anyHostPort("s3")
                .data("objects")
                .credentials("keeper", Value.secret("keeper-secret"));
    }

    private static Qdrant qdrant() {
        return Qdrant.service("vectors").anyHostPort("http").data("points");
    }

    private Path shelf() {
        return trial.project().resolve("backups");
    }

    private Backup backup(StackDefinition stack, String... services) {
        return trial.engine().backup(stack, List.of(services), shelf(), trial::hear);
    }

    private void restore(StackDefinition stack, Backup backup, String... services) {
        trial.engine().restore(stack, backup, List.of(services), trial::hear);
    }

    static Connection connect(RunningStack running, String database, String password) throws SQLException {
        HostAndPort at = running.service("db").address();
        return DriverManager.getConnection("jdbc:postgresql://" + at + "/" + database, "shop", password);
    }

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String one : statements) {
                statement.execute(one);
            }
        }
    }

    static String ask(Connection connection, String question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            List<String> answers = new ArrayList<>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return String.join("\n", answers);
        }
    }

    private static void fill(Connection connection) throws SQLException {
        run(
                connection,
                "CREATE ROLE reader LOGIN PASSWORD 'reads-only'",
                "CREATE ROLE readers",
                "GRANT readers TO reader",
                "CREATE EXTENSION pgcrypto",
                "CREATE SCHEMA \"odd (schema)\"",
                "CREATE SEQUENCE numbers START 41 INCREMENT 7",
                "SELECT nextval('numbers'), nextval('numbers')",
                "CREATE TABLE goods (id serial PRIMARY KEY, name text, price numeric, made timestamptz, raw bytea)",
                "INSERT INTO goods (name, price, made, raw) SELECT 'name ' || id || E'\\t\\\\.\\n', id / 7.0,"
                        + " timestamptz '2026-01-01' + id * interval '1 hour', decode(md5(id::text), 'hex')"
                        + " FROM generate_series(1, 5000) id",
                "CREATE TABLE \"odd (schema)\".\"odd \"\"table\" AS SELECT NULL::text AS nothing, '' AS empty",
                "CREATE VIEW cheap AS SELECT * FROM goods WHERE price < 10",
                "CREATE INDEX by_name ON goods (name)",
                "GRANT SELECT ON goods TO readers",
                "REVOKE ALL ON DATABASE shop FROM PUBLIC",
                "GRANT CONNECT ON DATABASE shop TO reader",
                "ALTER DATABASE shop SET search_path TO public, \"odd (schema)\"",
                "ALTER DATABASE shop SET work_mem TO '5MB'",
                "SELECT lo_from_bytea(4711, decode(repeat('00ff', 50000), 'hex'))",
                "COMMENT ON TABLE goods IS 'what''s sold'");
    }

    /** Everything that a restored database has to have in common with the one that was saved. */
    private static String image(Connection connection) throws SQLException {
        return String.join(
                "\n",
                ask(connection, "SELECT count(*) || md5(string_agg(goods::text, '|' ORDER BY id)) FROM goods"),
                ask(
                        connection,
                        "SELECT count(*) || md5(string_agg(o::text, '|')) FROM \"odd (schema)\".\"odd \"\"table\" o"),
                ask(connection, "SELECT count(*) FROM cheap"),
                ask(connection, "SELECT last_value || ' ' || is_called || ' ' FROM numbers"),
                ask(connection, "SELECT last_value FROM goods_id_seq"),
                ask(connection, "SELECT extname FROM pg_extension ORDER BY 1"),
                ask(connection, "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"),
                ask(connection, "SELECT relacl::text FROM pg_class WHERE relname = 'goods'"),
                ask(connection, "SELECT obj_description('goods'::regclass)"),
                ask(connection, "SELECT md5(lo_get(4711))"),
                ask(
                        connection,
                        "SELECT has_database_privilege('reader', current_database(), 'CONNECT')"
                                + " || ' ' || has_database_privilege('readers', current_database(), 'CONNECT')"),
                ask(
                        connection,
                        "SELECT setconfig::text FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase"
                                + " WHERE datname = current_database()"),
                ask(connection, "SELECT pg_has_role('reader', 'readers', 'MEMBER')"));
    }

    private static Jedis jedis(RunningStack running) {
        HostAndPort at = running.service("cache").address();
        return new Jedis(at.host(), at.port());
    }

    private static void fill(Jedis jedis) {
        jedis.set("greeting", "hello\r\n\"world\"");
        jedis.set("binary".getBytes(StandardCharsets.UTF_8), new byte[] {0, 10, 13, -1});
        jedis.set(new byte[] {'k', 0, '\n', ' ', -1}, new byte[] {1});
        jedis.setex("for an hour", 3600, "soon gone");
        jedis.rpush("list", "a", "b", "c");
        jedis.sadd("set", "x", "y");
        jedis.zadd("ranks", Map.of("first", 1.5, "second", 2.5));
        jedis.hset("hash", Map.of("field", "value"));
        jedis.xadd("stream", Map.of("word", "one"), redis.clients.jedis.params.XAddParams.xAddParams());
        for (int i = 0; i < 3000; i++) {
            jedis.set("key:" + i, "value " + i);
        }
        jedis.select(3);
        jedis.set("elsewhere", "yes");
        jedis.select(0);
    }

    /** Types and values of all keys, and which of them end. */
    private static Map<String, String> image(Jedis jedis) {
        Map<String, String> image = new TreeMap<>();
        for (int number = 0; number < 16; number++) {
            jedis.select(number);
            for (byte[] key : jedis.keys("*".getBytes(StandardCharsets.UTF_8))) {
                long left = jedis.ttl(key);
                String name = new String(key, StandardCharsets.ISO_8859_1);
                image.put(
                        number + " " + name,
                        jedis.type(key) + " " + (left > 0 ? "ends" : "stays") + " "
                                + (jedis.type(key).equals("hash")
                                                || jedis.type(key).equals("set")
                                        ? ""
                                        : java.util.HexFormat.of().formatHex(jedis.dump(key))));
            }
        }
        jedis.select(0);
        image.put("hash", jedis.hgetAll("hash").toString());
        image.put("set", new java.util.TreeSet<>(jedis.smembers("set")).toString());
        return image;
    }

    static S3Client s3(RunningStack running) {
        return S3Client.builder()
                .endpointOverride(
                        URI.create("http://" + running.service("store").address("s3")))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("keeper", "keeper-secret")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static void fill(S3Client s3) {
        s3.createBucket(bucket -> bucket.bucket("things"));
        s3.createBucket(bucket -> bucket.bucket("empty"));
        byte[] large = new byte[3_000_000];
        new java.util.Random(7).nextBytes(large);
        s3.putObject(
                put -> put.bucket("things")
                        .key("a/b c+d%20é.bin")
                        .contentType("image/png")
                        .contentDisposition("attachment; filename=\"x.png\"")
                        .metadata(Map.of("colour", "deep blue")),
                RequestBody.fromBytes(large));
        s3.putObject(put -> put.bucket("things").key("empty"), RequestBody.empty());
        for (int i = 0; i < 30; i++) {
            String key = "many/" + i;
            s3.putObject(put -> put.bucket("things").key(key), RequestBody.fromString("object " + key));
        }
    }

    static Map<String, String> image(S3Client s3) {
        Map<String, String> image = new TreeMap<>();
        s3.listBuckets().buckets().forEach(bucket -> {
            image.put(bucket.name(), "bucket");
            for (S3Object object : s3.listObjectsV2Paginator(list -> list.bucket(bucket.name()))
                    .contents()) {
                ResponseBytes<GetObjectResponse> got =
                        s3.getObjectAsBytes(get -> get.bucket(bucket.name()).key(object.key()));
                image.put(
                        bucket.name() + "/" + object.key(),
                        java.util.Arrays.hashCode(got.asByteArray()) + " "
                                + got.response().contentType() + " "
                                + got.response().contentDisposition() + " "
                                + got.response().metadata());
            }
        });
        return image;
    }

    private static String call(RunningStack running, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + running.service("vectors").address("http") + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(60))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body().replaceAll(",? *\"time\": *[0-9.e-]+", "");
    }

    private static void fillVectors(RunningStack running) throws IOException, InterruptedException {
        call(running, "PUT", "/collections/things", "{\"vectors\":{\"size\":2,\"distance\":\"Cosine\"}}");
        call(running, "PUT", "/collections/things/index", "{\"field_name\":\"word\",\"field_schema\":\"keyword\"}");
        StringBuilder points = new StringBuilder();
        for (int i = 1; i <= 600; i++) {
            points.append(i == 1 ? "" : ",")
                    .append("{\"id\":")
                    .append(i)
                    .append(",\"vector\":[0.6,")
                    .append(i)
                    .append(".5],\"payload\":{\"word\":\"}]\\\"")
                    .append(i)
                    .append("\"}}");
        }
        call(running, "PUT", "/collections/things/points?wait=true", "{\"points\":[" + points + "]}");
    }

    private static Map<String, String> imageOfVectors(RunningStack running) throws IOException, InterruptedException {
        Map<String, String> image = new LinkedHashMap<>();
        image.put("collections", call(running, "GET", "/collections", ""));
        image.put("things", call(running, "GET", "/collections/things", ""));
        image.put(
                "points",
                call(
                        running,
                        "POST",
                        "/collections/things/points/scroll",
                        "{\"limit\":1000,\"with_payload\":true,\"with_vector\":true}"));
        return image;
    }

    @Test
    @Row("backup.postgres")
    @Row("backup.redis")
    @Row("backup.objects")
    @Row("backup.vectors")
    @Row("backup.private")
    void restoreWhenEverythingWasChangedSinceBringsBackWhatWasSaved() throws Exception {
        StackDefinition stack = trial.stack(postgres(PASSWORD), redis(), minio(), qdrant());
        RunningStack running = trial.up(stack);
        String rows;
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            fill(connection);
            run(connection, "CREATE DATABASE second");
            rows = image(connection);
        }
        try (Connection connection = connect(running, "second", PASSWORD)) {
            run(connection, "CREATE TABLE one AS SELECT 1 AS number");
        }
        Map<String, String> keys;
        Map<String, String> objects;
        try (Jedis jedis = jedis(running);
                S3Client s3 = s3(running)) {
            fill(jedis);
            keys = image(jedis);
            fill(s3);
            objects = image(s3);
        }
        fillVectors(running);
        Map<String, String> vectors = imageOfVectors(running);

        Backup backup = backup(stack);

        assertThat(backup.problems()).isEmpty();
        assertThat(backup.manifest().part("vectors").orElseThrow().pieces())
                .extracting(Manifest.Piece::unit)
                .as("the server's own snapshot")
                .containsExactly("snapshot things");
        assertThat(permissionsOf(backup)).containsOnly("rwx------", "rw-------");
        assertThat(Files.readString(backup.directory().resolve("manifest"))).doesNotContain(PASSWORD);
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            run(
                    connection,
                    "DROP TABLE goods CASCADE",
                    "SELECT lo_unlink(4711)",
                    "DROP EXTENSION pgcrypto",
                    "CREATE TABLE later AS SELECT 1 AS number",
                    "ALTER DATABASE shop SET work_mem TO '9MB'",
                    "DROP DATABASE second");
        }
        try (Jedis jedis = jedis(running);
                S3Client s3 = s3(running)) {
            jedis.del("greeting", "list");
            jedis.set("later", "yes");
            jedis.persist("for an hour");
            jedis.select(5);
            jedis.set("later", "elsewhere");
            s3.putObject(
                    put -> put.bucket("things").key("many/3").contentType("text/x-other"),
                    RequestBody.fromString("changed"));
            s3.putObject(put -> put.bucket("things").key("later"), RequestBody.fromString("later"));
            s3.deleteObject(delete -> delete.bucket("things").key("many/4"));
            s3.createBucket(bucket -> bucket.bucket("later"));
        }
        call(running, "POST", "/collections/things/points/delete?wait=true", "{\"points\":[1,2,3]}");
        call(running, "PUT", "/collections/later", "{\"vectors\":{\"size\":2,\"distance\":\"Dot\"}}");

        restore(stack, backup);

        try (Connection connection = connect(running, "shop", PASSWORD)) {
            assertThat(image(connection)).isEqualTo(rows);
            assertThat(ask(connection, "SELECT to_regclass('later')")).isEqualTo("null");
            assertThat(ask(connection, "SELECT datname FROM pg_database WHERE datname ~ 'withstack'"))
                    .isEmpty();
        }
        try (Connection connection = connect(running, "second", PASSWORD)) {
            assertThat(ask(connection, "SELECT number FROM one")).isEqualTo("1");
        }
        try (Jedis jedis = jedis(running);
                S3Client s3 = s3(running)) {
            assertThat(image(jedis)).isEqualTo(keys);
            assertThat(image(s3)).isEqualTo(objects);
        }
        assertThat(imageOfVectors(running)).isEqualTo(vectors);

        // what was put back survives a restart of the servers: it stands in their own files
        trial.engine().stop(stack.id(), List.of(), trial::hear);
        RunningStack again = trial.up(stack);
        try (Connection connection = connect(again, "shop", PASSWORD);
                Jedis jedis = jedis(again)) {
            assertThat(image(connection)).isEqualTo(rows);
            assertThat(image(jedis)).isEqualTo(keys);
        }
    }

    private static List<String> permissionsOf(Backup backup) throws IOException {
        List<String> permissions = new ArrayList<>();
        try (Stream<Path> files = Files.walk(backup.directory())) {
            for (Path file : files.toList()) {
                permissions.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return permissions;
    }

    @Test
    @Row("backup.other-environment")
    void restoreWhenIntoAnotherEnvironmentFillsItsOwnDatabaseAndKeepsItsPassword() throws Exception {
        StackDefinition source = trial.stack(postgres(PASSWORD), redis());
        StackDefinition target = StackDefinition.of(trial.name(), Environment.STAGE)
                .add(postgres(OTHER_PASSWORD).database("shop_stage"), redis())
                .build();
        RunningStack running = trial.up(source);
        String rows;
        try (Connection connection = connect(running, "shop", PASSWORD);
                Jedis jedis = jedis(running)) {
            fill(connection);
            rows = image(connection);
            fill(jedis);
        }
        Backup backup = backup(source);
        RunningStack other = trial.up(target);

        restore(target, backup);

        try (Connection connection = connect(other, "shop_stage", OTHER_PASSWORD);
                Jedis here = jedis(running);
                Jedis there = jedis(other)) {
            assertThat(image(connection)).isEqualTo(rows);
            assertThat(image(there)).isEqualTo(image(here));
        }
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            assertThat(image(connection)).isEqualTo(rows);
        }
    }

    @Test
    @Row("backup.damage")
    @Row("backup.proven-first")
    void restoreWhenTheBackupIsDamagedOrDoesNotFitTouchesNothing() throws Exception {
        StackDefinition stack = trial.stack(postgres(PASSWORD));
        RunningStack running = trial.up(stack);
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            run(connection, "CREATE TABLE goods AS SELECT 1 AS id");
            Backup backup = backup(stack);
            run(connection, "INSERT INTO goods VALUES (2)");
            Path file = backup.directory().resolve("db.rows.sql");
            String whole = Files.readString(file);

            Files.writeString(file, whole.substring(0, whole.length() - 100));
            assertThatThrownBy(() -> restore(stack, backup))
                    .hasMessageContaining("is damaged: db.rows.sql has ")
                    .hasMessageContaining(" bytes instead of " + whole.length());
            Files.writeString(file, whole.replace("goods", "g00ds"));
            assertThatThrownBy(() -> restore(stack, backup))
                    .hasMessageContaining("db.rows.sql was altered: its SHA-256 is another");
            Files.writeString(file, whole);

            run(connection, "CREATE TABLE later AS SELECT 1 AS id");
            assertThatThrownBy(() -> restore(stack, backup, "cache"))
                    .hasMessage("The backup '" + backup.name() + "' has nothing of 'cache'; it has: db.");
            assertThat(ask(connection, "SELECT id FROM goods ORDER BY id")).isEqualTo("1\n2");
            assertThat(ask(connection, "SELECT to_regclass('later')")).isEqualTo("later");
        }
    }

    @Test
    @Row("backup.disk-full")
    void backupWhenTheDiskIsFullSaysSoAndLeavesNothing() throws Exception {
        StackDefinition stack = trial.stack(postgres(PASSWORD));
        RunningStack running = trial.up(stack);
        try (Connection connection = connect(running, "shop", PASSWORD)) {
            run(
                    connection,
                    "CREATE TABLE goods AS SELECT repeat(md5(id::text), 40) AS name FROM generate_series(1, 3000) id");
        }
        Path small = Files.createDirectories(trial.project().resolve("small"));
        assumeThat(succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()))
                .as("only root may mount a small disk")
                .isTrue();
        try {
            assertThatThrownBy(() -> trial.engine().backup(stack, List.of(), small, trial::hear))
                    .hasMessage("Can't back up db: No space left on device");

            assertThat(small).isEmptyDirectory();
        } finally {
            assertThat(succeeds("umount", small.toString())).isTrue();
        }
        assertThat(backup(stack).problems()).isEmpty();
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Test
    @Row("backup.volumes")
    @Row("backup.damage")
    void restoreWhenAServiceKeepsFilesBringsBackTheSameOnesAndNoneBesides() throws Exception {
        StackDefinition stack = trial.stack(Trial.idle("app").volume("files", "/files"));
        trial.up(stack);
        inApp("mkdir -p '/files/a b/c' && echo one >'/files/a b/c/one' && echo two >/files/two && chmod 640 /files/two"
                + " && chown 33:44 /files/two && ln -s two /files/link && : >/files/empty");
        List<String> before = filesOfApp();

        Backup backup = backup(stack);
        inApp("echo changed >/files/two && rm -r '/files/a b' && echo later >/files/later");
        List<String> changed = filesOfApp();
        assertThatThrownBy(() -> restore(stack, Backup.read(withAWayOut(backup))))
                .hasMessageContaining("app.files__files.tar: '../outside' in the archive leads out of it");
        assertThat(filesOfApp()).as("refused before anything is touched").isEqualTo(changed);
        restore(stack, backup);

        assertThat(filesOfApp()).isEqualTo(before);
        assertThat(trial.isRunning("app")).isTrue();
        assertThat(trial.leftovers())
                .filteredOn(one -> one.startsWith("volume"))
                .hasSize(1);
    }

    /** Whoever writes such an archive can write a manifest that fits. */
    private Path withAWayOut(Backup backup) throws Exception {
        Path directory = Files.createDirectories(trial.project().resolve("evil"));
        Files.writeString(trial.project().resolve("outside"), "evil");
        Path archive = directory.resolve(
                backup.manifest().part("app").orElseThrow().pieces().get(0).file());
        assertThat(succeeds("tar", "-C", directory.toString(), "-P", "-cf", archive.toString(), "../outside"))
                .isTrue();
        String manifest = Files.readString(backup.directory().resolve("manifest"))
                .replaceFirst(
                        "(?m)^file \\S+ \\d+ ",
                        "file " + digest(Files.readAllBytes(archive)) + " " + Files.size(archive) + " ")
                .replaceFirst("(?m)^whole .*\n", "");
        Files.writeString(
                directory.resolve("manifest"),
                manifest + "whole " + digest(manifest.getBytes(StandardCharsets.UTF_8)) + "\n");
        return directory;
    }

    private static String digest(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private List<String> inApp(String line) {
        return trial.docker("exec", trial.container("app"), "sh", "-c", line);
    }

    private List<String> filesOfApp() {
        List<String> files = new ArrayList<>(inApp("cd /files && find . -printf '%p %y %m %U:%G %l\\n' | sort"));
        files.addAll(inApp("cd /files && find . -type f | sort | tr '\\n' '\\0' | xargs -0 md5sum"));
        return files;
    }

    @Test
    @Row("backup.shares")
    void restoreWhenEnvironmentsShareTheServersTouchesTheOwnPartOnly() throws Exception {
        Postgres db = postgres(PASSWORD);
        Redis cache = redis();
        StackDefinition base = StackDefinition.of(trial.name(), Environment.BASE)
                .add(db, cache)
                .build();
        StackDefinition dev = onBase(base, db, cache, Environment.DEV, 0);
        StackDefinition stage = onBase(base, db, cache, Environment.STAGE, 1);
        trial.up(dev);
        trial.up(stage);
        RunningStack servers = trial.engine().attach(base);
        for (String database : List.of("dev_shop", "stage_shop")) {
            try (Connection connection = connect(servers, database, PASSWORD)) {
                run(connection, "CREATE TABLE goods AS SELECT '" + database + "' AS name");
            }
        }
        try (Jedis jedis = jedis(servers)) {
            jedis.set("of", "dev");
            jedis.select(1);
            jedis.set("of", "stage");
        }

        Backup ofDev = backup(dev);

        try (Jedis jedis = jedis(servers)) {
            jedis.set("of", "changed dev");
            jedis.select(1);
            jedis.set("of", "changed stage");
        }
        try (Connection connection = connect(servers, "dev_shop", PASSWORD)) {
            run(connection, "DELETE FROM goods");
        }
        restore(dev, ofDev);

        try (Connection connection = connect(servers, "dev_shop", PASSWORD);
                Jedis jedis = jedis(servers)) {
            assertThat(ask(connection, "SELECT name FROM goods")).isEqualTo("dev_shop");
            assertThat(jedis.get("of")).isEqualTo("dev");
            jedis.select(1);
            assertThat(jedis.get("of")).isEqualTo("changed stage");
        }

        restore(stage, ofDev);

        try (Connection connection = connect(servers, "stage_shop", PASSWORD);
                Jedis jedis = jedis(servers)) {
            assertThat(ask(connection, "SELECT name FROM goods")).isEqualTo("dev_shop");
            assertThat(jedis.get("of")).isEqualTo("dev");
            jedis.select(1);
            assertThat(jedis.get("of")).isEqualTo("dev");
        }
    }

    private StackDefinition onBase(
            StackDefinition base, Postgres db, Redis cache, Environment environment, int number) {
        Service app =
                Trial.idle("app").env("DATABASE_URL", db.url("postgresql")).env("REDIS_URL", cache.url(number));
        return StackDefinition.of(trial.name(), environment)
                .base(base)
                .add(app)
                .share(new Share.Database("db", environment.id() + "_shop"), new Share.KeySpace("cache", number))
                .build();
    }
}
