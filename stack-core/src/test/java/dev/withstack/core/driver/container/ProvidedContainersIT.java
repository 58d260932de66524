package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.diagnosis.Diagnosis;
import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.docker.EngineEvent;
import dev.withstack.core.docker.EventFilter;
import dev.withstack.core.docker.Follow;
import dev.withstack.core.docker.LocatedEngine;
import dev.withstack.core.docker.StreamListener;
import dev.withstack.core.driver.Driver.ExecResult;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StartFailedException;
import dev.withstack.core.engine.UpOptions;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Step;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.MinIOContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.qdrant.QdrantContainer;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Any Testcontainers container is a service of a stack: tried with three modules and a plain container. */
class ProvidedContainersIT {
    /** Time for several turns of a wait strategy on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Service POSTGRES = Service.provided(
                    "postgres", "PostgreSQLContainer", () -> new PostgreSQLContainer(TestImages.postgres())
                            .withDatabaseName("orders"))
            .port("postgres", 5432)
            .anyHostPort("postgres");

    @TempDir
    Path stateDirectory;

    private TestEngine engine;
    private StackDefinition definition;

    @BeforeEach
    void open() {
        engine = TestEngine.open(stateDirectory);
        definition = TestEngine.stack("provided-none").build();
    }

    @AfterEach
    void leaveNothing() {
        try (TestEngine closing = engine) {
            engine.stacks.destroy(definition.id(), event -> {});
            assertThat(engine.leftOf(definition.id())).isEmpty();
        }
    }

    @Test
    void upWhenItIsOnSeveralNetworksAndGetsFilesHasThemBeforeItStarts() throws Exception {
        Service cache = Service.provided("cache", "GenericContainer", () -> new GenericContainer<>(TestImages.redis())
                        .withCommand("redis-server", "/etc/cache/redis.conf"))
                .port("redis", 6379)
                .networks("back", "front")
                .file("/etc/cache/redis.conf", Value.text("maxmemory 7mb\nprotected-mode no\n"))
                .limits(Limits.NONE.pids(50))
                .logRotation("10m", 2);
        definition = TestEngine.stack("provided-outfit")
                .network("back")
                .network("front")
                .add(cache, Redis.service("asks").networks("front"))
                .build();

        RunningStack stack = up();

        assertThat(stack.service("asks")
                        .exec(Duration.ofSeconds(60), "redis-cli", "-h", "cache", "config", "get", "maxmemory")
                        .stdout())
                .contains("7340032");
        assertThat(engine.stacks
                        .plan(definition, Selection.all(), UpOptions.DEFAULT)
                        .changes())
                .isEmpty();
        ContainerDetails details =
                engine.docker.containers().inspect(definition.id().containerName("cache"));
        assertThat(details.networks()).hasSize(2);
        assertThat(details.host().pidsLimit()).isEqualTo(50);
        assertThat(details.host().logDriver()).isEqualTo("json-file");
    }

    @Test
    void upWhenServicesAreTestcontainersRunsThemAsItsOwn() throws Exception {
        Service late = Redis.service("late")
                .env("ORDERS_AT", POSTGRES.address("postgres"))
                .service();
        definition = TestEngine.stack("provided-all")
                .add(
                        POSTGRES,
                        Service.provided("minio", "MinIOContainer", () -> new MinIOContainer(TestImages.minio()))
                                .port("s3", 9000),
                        Service.provided("qdrant", "QdrantContainer", () -> new QdrantContainer(TestImages.qdrant()))
                                .port("http", 6333),
                        Service.provided("cache", "GenericContainer", () -> new GenericContainer<>(TestImages.redis())
                                        .withExposedPorts(6379))
                                .port("redis", 6379),
                        late)
                .build();
        List<String> foreign = new CopyOnWriteArrayList<>();
        try (Follow events = engine.docker.events(
                EventFilter.all().types("container", "image").actions("create", "pull"), noteForeign(foreign))) {
            RunningStack stack = up();

            assertThatServersAnswer(stack);
            assertThatNameResolves(stack);
            assertThatLabelsAreOurs();
            assertThatNothingIsDoneTwice();

            engine.stacks.stop(definition.id(), List.of(), event -> {});
            assertThat(engine.stacks
                            .driver()
                            .observe(definition.id())
                            .containers()
                            .values())
                    .as("stopped, not removed")
                    .hasSize(5)
                    .noneMatch(container -> container.isRunning());

            assertThatServersAnswer(up());

            engine.stacks.down(definition.id(), List.of("cache"), event -> {});
            assertThat(engine.stacks.driver().observe(definition.id()).containers())
                    .doesNotContainKey("cache");
        }
        assertThat(foreign)
                .as("images that Testcontainers pulls or runs of itself")
                .isEmpty();
    }

    @Test
    void prepareWhenTestcontainersWorksOnAnotherEngineRefuses() throws Exception {
        assumeThat(engine.docker.located().address()).isInstanceOf(EngineAddress.Unix.class);
        Path socket = ((EngineAddress.Unix) engine.docker.located().address()).socket();
        Path another = Files.createSymbolicLink(stateDirectory.resolve("another.sock"), socket);
        try (ProvidedContainers here = new ProvidedContainers(engine.docker);
                DockerEngine elsewhere =
                        DockerEngine.open(new LocatedEngine(new EngineAddress.Unix(another), "the test"));
                ProvidedContainers there = new ProvidedContainers(elsewhere)) {
            here.prepare();

            assertThatThrownBy(there::prepare)
                    .isInstanceOf(DriverException.class)
                    .hasMessageContaining("Testcontainers works on the engine at 'unix://" + socket + "'")
                    .hasMessageContaining("this stack on the one at 'unix://" + another + "'");
        } finally {
            Files.delete(another);
        }
    }

    @Test
    void upWhenVolumeExistsAlreadyIsReadyAndKeepsItsData() throws Exception {
        definition = TestEngine.stack("provided-volume")
                .add(POSTGRES.volume("data", "/var/lib/postgresql/data").family("postgres"))
                .build();
        RunningStack first = up();
        execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        assertThat(query(first, "SHOW fsync"))
                .as("what is kept in a volume is synced to disk")
                .isEqualTo("on");
        engine.stacks.down(definition.id(), List.of(), event -> {});

        RunningStack second = up();

        assertThat(query(second, "SELECT answer FROM kept")).isEqualTo("42");
    }

    @Test
    void upWhenContainerExitsFailsAtOnceWithItsLog() {
        definition = TestEngine.stack("provided-exit")
                .add(Service.provided("broken", "GenericContainer", () -> new GenericContainer<>(TestImages.redis())
                        .withExposedPorts(6379)
                        .withCommand("sh", "-c", "echo the licence has expired; exit 3")
                        .waitingFor(Wait.forLogMessage("ready for work", 1))))
                .build();
        Diagnosis diagnosis = failure(UpOptions.DEFAULT);

        assertThat(diagnosis.kind()).as("at once, not at a timeout").isEqualTo(Diagnosis.Kind.FAILED);
        assertThat(diagnosis.text()).contains("broken", "3", "the licence has expired");
        assertThat(engine.leftOf(definition.id()))
                .as("what is left after the roll-back")
                .isEmpty();
    }

    @Test
    void upWhenContainerNeverGetsReadyFailsWhenItsPatienceEndsWithTheLastAnswer() {
        definition = TestEngine.stack("provided-never")
                .add(Service.provided("mute", "GenericContainer", () -> new GenericContainer<>(TestImages.redis())
                        .waitingFor(Wait.forLogMessage("ready for work", 1))))
                .build();
        Diagnosis diagnosis = failure(UpOptions.DEFAULT.patience(PATIENCE));

        assertThat(diagnosis.kind()).isEqualTo(Diagnosis.Kind.TIMED_OUT);
        assertThat(diagnosis.lastAnswer()).contains("its own wait strategy says", "ready for work");
    }

    @Test
    void upWhenServerNeverListensFailsThoughItsOwnStrategyIsContent() {
        definition = TestEngine.stack("provided-deaf")
                .add(Service.provided("deaf", "GenericContainer", () -> new GenericContainer<>(TestImages.redis())
                                .withExposedPorts(6379)
                                .withCommand("sleep", "1000")
                                .waitingFor(new Content()))
                        .port("redis", 6379)
                        .stopPolicy(new StopPolicy("", Duration.ofSeconds(1))))
                .build();

        Diagnosis diagnosis = failure(UpOptions.DEFAULT.patience(PATIENCE));

        assertThat(diagnosis.lastAnswer()).contains("its endpoint 'redis' does not listen");
    }

    /** Ready whatever the container does. */
    private static final class Content extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {
            // content
        }
    }

    private RunningStack up() {
        return engine.stacks.up(definition, Selection.all(), UpOptions.DEFAULT, event -> {});
    }

    private Diagnosis failure(UpOptions options) {
        return catchThrowableOfType(
                        StartFailedException.class,
                        () -> engine.stacks.up(definition, Selection.all(), options, event -> {}))
                .diagnosis();
    }

    private void assertThatServersAnswer(RunningStack stack) throws Exception {
        assertThat(query(stack, "SELECT current_database()")).isEqualTo("orders");
        try (Jedis jedis = jedis(stack, "cache")) {
            jedis.set("greeting", "hello");
            assertThat(jedis.get("greeting")).isEqualTo("hello");
        }
        assertThatObjectsAreKept(stack.service("minio").address());
        HostAndPort qdrant = stack.service("qdrant").address();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + qdrant + "/collections"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).contains("\"collections\"");
    }

    private static void assertThatObjectsAreKept(HostAndPort s3) {
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create("http://" + s3))
                .forcePathStyle(true)
                // the offline stand-in signs whole bodies only
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(settings -> settings.chunkedEncodingEnabled(false))
                .region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("minioadmin", "minioadmin")))
                .build()) {
            String bucket = "bucket-" + System.nanoTime();
            client.createBucket(request -> request.bucket(bucket));
            client.putObject(request -> request.bucket(bucket).key("note"), RequestBody.fromString("kept"));
            assertThat(client.getObjectAsBytes(request -> request.bucket(bucket).key("note"))
                            .asUtf8String())
                    .isEqualTo("kept");
        }
    }

    private static void assertThatNameResolves(RunningStack stack) throws InterruptedException {
        ExecResult resolved = stack.service("late")
                .exec(Duration.ofSeconds(10), "sh", "-c", "echo $ORDERS_AT && getent hosts postgres");
        assertThat(resolved.stdout())
                .contains("postgres:5432")
                .containsPattern("\\d+\\.\\d+\\.\\d+\\.\\d+\\s+postgres");
        assertThat(stack.timeline().entries().get("late").started())
                .as("the catalogue's service waits for Testcontainers' one")
                .isGreaterThanOrEqualTo(
                        stack.timeline().entries().get("postgres").ready());
    }

    private void assertThatLabelsAreOurs() {
        ContainerDetails container =
                engine.docker.containers().inspect(definition.id().containerName("postgres"));
        assertThat(container.config().labels())
                .containsEntry(Labels.STACK, "provided-all")
                .containsEntry(Labels.SERVICE, "postgres")
                .doesNotContainKeys("org.testcontainers.sessionId", "org.testcontainers.hash");
        assertThat(container.ports())
                .allSatisfy(port -> assertThat(port.hostIp()).isEqualTo("127.0.0.1"));
    }

    private void assertThatNothingIsDoneTwice() {
        Plan plan = engine.stacks.plan(definition, Selection.all(), UpOptions.DEFAULT);
        assertThat(plan.steps()).allSatisfy(step -> assertThat(step.step()).isInstanceOf(Step.AwaitReady.class));
        up();
    }

    private static Jedis jedis(RunningStack stack, String service) {
        HostAndPort address = stack.service(service).address();
        return new Jedis(address.host(), address.port());
    }

    private static Connection connect(RunningStack stack) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + stack.service("postgres").address() + "/orders", "test", "test");
    }

    private static void execute(RunningStack stack, String sql) throws SQLException {
        try (Connection connection = connect(stack);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(RunningStack stack, String sql) throws SQLException {
        try (Connection connection = connect(stack);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static StreamListener<EngineEvent> noteForeign(List<String> foreign) {
        return StreamListener.each(event -> {
            String image = event.attributes().getOrDefault("image", event.id());
            if (image.contains("ryuk") || image.contains("alpine:3.17") || image.contains("tinyimage")) {
                foreign.add(event.action() + " " + image);
            }
        });
    }
}
