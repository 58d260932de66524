package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.coverage.Row;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What servers have written stays theirs and stays whole, whatever is started over it. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class DataIT {
    private static final String PASSWORD = "first-password";

    @RegisterExtension
    final Trial trial = new Trial();

    private static Postgres postgres(String password) {
        return Postgres.service("db")
                .anyHostPort("")
                .data("data")
                .user("shop")
                .database("shop")
                .password(Value.secret(password));
    }

    private static Redis redis() {
        return Redis.service("cache").anyHostPort("").data("keys");
    }

    private static Connection connect(RunningStack running, String password) throws SQLException {
        HostAndPort at = running.service("db").address();
        return DriverManager.getConnection("jdbc:postgresql://" + at + "/shop", "shop", password);
    }

    private static String checksum(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) || ' ' || md5(string_agg(id || name, ',' ORDER BY id)) FROM goods")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE goods AS SELECT id, md5(id::text) AS name FROM generate_series(1, 5000) id");
        }
    }

    private static Jedis jedis(RunningStack running) {
        HostAndPort at = running.service("cache").address();
        return new Jedis(at.host(), at.port());
    }

    @Test
    @Row("trouble.changed-setting")
    @Row("common.data-survives-upgrade")
    void upWhenASettingOfTheDatabaseChangesKeepsItsRowsAndLeavesRedisAlone() throws SQLException {
        RunningStack first = trial.up(trial.stack(postgres(PASSWORD), redis()));
        String before;
        try (Connection connection = connect(first, PASSWORD)) {
            fill(connection);
            before = checksum(connection);
        }
        String cache = trial.identity("cache");

        RunningStack second = trial.up(trial.stack(postgres(PASSWORD).env("TZ", "Europe/Chisinau"), redis()));

        assertThat(trial.changes())
                .allMatch(change -> change.contains(" db: config changed: env TZ (new)")
                        || change.contains(" db aside: config changed: env TZ (new)")
                        || change.startsWith("remove replaced db: "));
        try (Connection connection = connect(second, PASSWORD)) {
            assertThat(checksum(connection)).isEqualTo(before);
        }
        assertThat(trial.identity("cache")).isEqualTo(cache);
    }

    @Test
    @Row("settled.credentials")
    void upWhenThePasswordOfAnOldVolumeChangesSaysSoAtOnceAndKeepsTheData() throws SQLException {
        String before;
        try (Connection connection = connect(trial.up(trial.stack(postgres(PASSWORD))), PASSWORD)) {
            fill(connection);
            before = checksum(connection);
        }

        Diagnosis diagnosis = trial.failedUp(trial.stack(postgres("second-password")), UpOptions.DEFAULT);

        assertThat(diagnosis.kind()).as("at once, not at a timeout").isEqualTo(Diagnosis.Kind.FAILED);
        assertThat(diagnosis.cause())
                .isEqualTo("PostgreSQL refuses the configured login: password authentication failed for user \"shop\"");
        assertThat(diagnosis.next())
                .containsExactly(
                        "PostgreSQL takes user and password only when its volume is new. Set the ones the volume"
                                + " was made with, change them with ALTER ROLE in its shell, or begin afresh with: reset.");
        assertThat(diagnosis.text()).doesNotContain("second-password");

        try (Connection connection = connect(trial.up(trial.stack(postgres(PASSWORD))), PASSWORD)) {
            assertThat(checksum(connection)).isEqualTo(before);
        }
    }

    @Test
    @Row("settled.volume-lineage")
    void upWhenTheVolumeIsOfAnotherMajorVersionRefusesAndLeavesItUntouched() {
        String volume = volume("postgres/15/real", trial.name() + "_data");
        trial.docker(
                "run",
                "--rm",
                "--network",
                "none",
                "-v",
                volume + ":/v",
                TrialImages.local(TrialImages.SHELL),
                "sh",
                "-c",
                "echo 15 > /v/PG_VERSION");

        assertThatThrownBy(() -> trial.up(trial.stack(postgres(PASSWORD))))
                .hasMessageContaining("db: volume '" + volume
                        + "' was written by postgres 15, and this start would mount" + " it to postgres 16 ("
                        + TrialImages.local("postgres:16-alpine") + "). Its data is untouched.");

        assertThat(trial.leftovers()).containsExactly("volume " + volume);
        assertThat(trial.docker(
                        "run",
                        "--rm",
                        "--network",
                        "none",
                        "-v",
                        volume + ":/v",
                        TrialImages.local(TrialImages.SHELL),
                        "sh",
                        "-c",
                        "ls /v && cat /v/PG_VERSION"))
                .containsExactly("PG_VERSION", "15");
    }

    @Test
    @Row("settled.volume-lineage")
    void upWhenTheVolumeIsOfAStandInRefusesTheRealServer() {
        String volume = volume("redis/imitation/stand-in", trial.name() + "_keys");

        assertThatThrownBy(() -> trial.up(trial.stack(redis())))
                .hasMessageContaining(
                        "cache: volume '" + volume + "' was written by a stand-in for redis (imitation), and"
                                + " this start would mount it to redis 7 (");

        assertThat(trial.leftovers()).containsExactly("volume " + volume);
    }

    @Test
    void upWhenTheVolumeIsOfAnotherStackRefusesIt() {
        String volume = trial.name() + "_keys";
        trial.docker(
                "volume",
                "create",
                "--label",
                trial.label(),
                "--label",
                "dev.withstack.stack=other",
                "--label",
                "dev.withstack.environment=dev",
                volume);

        assertThatThrownBy(() -> trial.up(trial.stack(redis())))
                .hasMessageContaining("cache: volume '" + volume + "' belongs to other/dev.");
        assertThat(trial.leftovers()).isEmpty();
    }

    @Test
    @Row("settled.volume-adopted")
    void upWhenTheVolumeHasNoLabelsOfOursAdoptsItOnlyWhenAskedAndThenKeepsTo() {
        String volume = trial.name() + "_keys";
        trial.docker("volume", "create", "--label", trial.label(), volume);
        StackDefinition stack = trial.stack(redis());

        assertThatThrownBy(() -> trial.up(stack))
                .hasMessageContaining(
                        "cache: volume '" + volume + "' was not made by withstack. Start with --adopt to use"
                                + " it as it is, or rename it to keep it out of the way.");
        assertThat(trial.leftovers()).isEmpty();

        RunningStack adopted = trial.up(stack, UpOptions.DEFAULT.volumes(UpOptions.Volumes.ADOPTED));
        try (Jedis jedis = jedis(adopted)) {
            jedis.set("kept", "yes");
            jedis.save();
        }
        trial.up(stack);
        assertThat(trial.changes()).as("adopted once is adopted").isEmpty();

        // nothing but its name, typed, may remove it
        trial.engine().destroy(stack.id(), trial::hear);
        assertThat(trial.docker("volume", "ls", "-q", "--filter", "name=" + volume))
                .containsExactly(volume);
        try (Jedis jedis = jedis(trial.up(stack, UpOptions.DEFAULT.volumes(UpOptions.Volumes.ADOPTED)))) {
            assertThat(jedis.get("kept")).isEqualTo("yes");
        }
    }

    @Test
    @Row("common.data-survives-stop")
    void stopThenStartWhenFourServersHaveWrittenKeepsEveryByte() throws Exception {
        StackDefinition stack = trial.stack(
                postgres(PASSWORD),
                redis(),
                Minio.service("store")
                        .anyHostPort("s3")
                        .data("objects")
                        .credentials("keeper", Value.secret("keeper-secret")),
                Qdrant.service("vectors").anyHostPort("http").data("points"));
        RunningStack first = trial.up(stack);
        String rows;
        try (Connection connection = connect(first, PASSWORD)) {
            fill(connection);
            rows = checksum(connection);
        }
        try (Jedis jedis = jedis(first)) {
            jedis.set("greeting", "hello");
        }
        byte[] object = new byte[300_000];
        new java.util.Random(7).nextBytes(object);
        try (S3Client s3 = s3(first)) {
            s3.createBucket(bucket -> bucket.bucket("things"));
            s3.putObject(put -> put.bucket("things").key("a/b.bin"), RequestBody.fromBytes(object));
        }
        call(first, "PUT", "/collections/things", "{\"vectors\":{\"size\":2,\"distance\":\"Cosine\"}}");
        call(
                first,
                "PUT",
                "/collections/things/points?wait=true",
                "{\"points\":[{\"id\":1,\"vector\":[0.6,0.8],\"payload\":{\"word\":\"one\"}}]}");

        trial.engine().stop(stack.id(), List.of(), trial::hear);
        RunningStack second = trial.up(stack);

        try (Connection connection = connect(second, PASSWORD)) {
            assertThat(checksum(connection)).isEqualTo(rows);
        }
        try (Jedis jedis = jedis(second)) {
            assertThat(jedis.get("greeting")).isEqualTo("hello");
        }
        try (S3Client s3 = s3(second)) {
            assertThat(s3.getObjectAsBytes(get -> get.bucket("things").key("a/b.bin"))
                            .asByteArray())
                    .isEqualTo(object);
        }
        assertThat(call(second, "GET", "/collections/things/points/1", "")).contains("\"word\":\"one\"");
    }

    /** A volume as an earlier start of this stack with another image would have left it. */
    private String volume(String lineage, String name) {
        trial.docker(
                "volume",
                "create",
                "--label",
                "dev.withstack.stack=" + trial.name(),
                "--label",
                "dev.withstack.environment=dev",
                "--label",
                "dev.withstack.run=",
                "--label",
                "dev.withstack.lineage=" + lineage,
                name);
        return name;
    }

    private static S3Client s3(RunningStack running) {
        return S3Client.builder()
                .endpointOverride(
                        URI.create("http://" + running.service("store").address("s3")))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                // other servers of the protocol than Amazon's do not know its newest kind of checksum
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("keeper", "keeper-secret")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static String call(RunningStack running, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + running.service("vectors").address("http") + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body().replace(": ", ":");
    }
}
