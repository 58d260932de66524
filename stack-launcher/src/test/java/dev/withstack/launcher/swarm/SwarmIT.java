package dev.withstack.launcher.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.integrador.Backend;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.Site;
import dev.withstack.launcher.swarm.Swarm.Exported;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All five stacks written for a swarm, and deployed to a real one: they converge, answer, are scaled, updated and gone. */
class SwarmIT {
    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final String ADMIN_KEY = "adminkey-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1";

    private static final String NEW_ADMIN_KEY = "adminkey-Kp5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1";

    private static Swarm swarm;

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @BeforeAll
    static void make() throws Exception {
        swarm = Swarm.make();
    }

    @AfterAll
    static void close() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @AfterEach
    void clear() throws Exception {
        swarm.clear();
    }

    @Test
    @Row("export.swarm")
    void frostbyteWhenDeployedAnswersWithAllItsServers() throws Exception {
        launcher.inCopyOfSample("frostbyte")
                .environment("FROSTBYTE_ADMIN_API_KEY", ADMIN_KEY)
                .environment("JWT_SECRET", "jwtsecret-Wy5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1Fa0")
                .environment("POSTGRES_PASSWORD", "it's a $ecret \\ word")
                .environment("MINIO_ROOT_PASSWORD", "miniopassword-Zx8cV5bN1mK6jH3g");
        build("frostbyte", "prod");
        Exported frostbyte = export("frostbyte", "prod").get(0);
        swarm.deploy(frostbyte);

        Site api = swarm.site(8000).with("X-API-Key", ADMIN_KEY);
        Site dashboard = swarm.site(5174);
        api.await("/health", "\"healthy\"");
        api.post("/api/v1/documents", "{\"name\":\"moved.txt\",\"text\":\"a stack that moved on\"}");
        api.await("/api/v1/search?q=moved", "moved.txt");
        dashboard.await("/admin/", "<html");

        swarm.scale(frostbyte.service("admin-dashboard"), 0);
        launcher.environment("FROSTBYTE_ADMIN_API_KEY", NEW_ADMIN_KEY);
        swarm.deploy(export("frostbyte", "prod").get(0));
        swarm.awaitVariable(frostbyte.service("pipeline-api"), NEW_ADMIN_KEY);
        dashboard.await("/admin/", "<html");
        swarm.site(8000).with("X-API-Key", NEW_ADMIN_KEY).await("/api/v1/search?q=moved", "moved.txt");

        swarm.remove(frostbyte.name());
    }

    @Test
    @Row("export.swarm")
    void ordinautWhenDeployedDoesItsWorkWhileItIsScaledAndUpdated() throws Exception {
        launcher.inCopyOfSample("ordinaut").environment("POSTGRES_PASSWORD", "a-password-of-thirty-two-letters");
        build("ordinaut", "prod");
        Exported ordinaut = export("ordinaut", "prod").get(0);
        swarm.deploy(ordinaut);

        Site api = swarm.site(8080);
        api.await("/health", "healthy");
        swarm.scale(ordinaut.service("worker"), 2);
        String entry = "{\"title\": \"entry\", \"kind\": \"ledger\", \"payload\": {\"seconds\": 0.1}}";
        Object task = api.post("/tasks", entry).get("id");
        api.await("/tasks/" + task, "\"outcome\":\"done\"");

        launcher.environment("LOG_LEVEL", "debug").environment("WORKER_REPLICAS", "2");
        swarm.deploy(export("ordinaut", "prod").get(0));
        swarm.awaitVariable(ordinaut.service("worker"), "LOG_LEVEL=debug");
        api.await("/tasks/" + api.post("/tasks", entry).get("id"), "\"outcome\":\"done\"");
        api.await("/tasks/" + task, "\"outcome\":\"done\"");

        swarm.remove(ordinaut.name());
    }

    @Test
    @Row("export.swarm")
    void biAgentWhenDeployedWorksOffItsQueuesAndIsWatched() throws Exception {
        launcher.inCopyOfSample("bi-agent")
                // what the offline image is
                .environment("OTEL_COLLECTOR_IMAGE", "otel/opentelemetry-collector-contrib:0.152.0")
                .environment("OTEL_METRIC_EXPORT_INTERVAL", "1000");
        build("bi-agent", "dev");
        Exported biAgent = export("bi-agent", "dev").get(0);
        // the export says that they have to be there on every node
        for (String service : List.of("analytics-service", "ml-service", "celery-service")) {
            makeForEverybody(launcher.project().resolve(service).resolve("logs"));
        }
        swarm.deploy(biAgent);

        Site api = swarm.site(3000);
        api.await("/health", "\"healthy\"");
        Map<String, Object> sent = api.post("/api/v1/tasks", "{\"task\": \"train_model\"}");
        api.await("/api/v1/tasks/" + sent.get("id"), "\"SUCCESS\"");
        swarm.site(16686).await("/api/traces/" + sent.get("trace"), "ml-service");
        swarm.site(3001).await("/", "<html");
        Site grafana = swarm.site(3002).with("Authorization", basic("admin:admin"));
        Object source = grafana.json("/api/datasources/name/Prometheus").get("uid");
        grafana.await("/api/datasources/proxy/uid/" + source + "/api/v1/query?query=up", "otel-collector");

        swarm.scale(biAgent.service("celery-beat"), 0);
        launcher.environment("ML_SERVICE_MEMORY", "512m");
        swarm.deploy(export("bi-agent", "dev").get(0));
        swarm.awaitInspected(biAgent.service("ml-service"), "{{.HostConfig.Memory}}", megabytes(512));
        api.await("/health", "\"healthy\"");

        swarm.remove(biAgent.name());
    }

    @Test
    @Row("export.swarm")
    void chatbotWhenDeployedStandsOnItsBaseWithItsOwnData() throws Exception {
        launcher.inCopyOfSample("chatbot");
        // it makes a certificate, and a key that only its owner may read, which goes as a secret
        launcher.run("init", "chatbot");
        launcher.dotEnv("NGINX_CERTIFICATE=certs/nginx.crt", "NGINX_CERTIFICATE_KEY=certs/nginx.key");
        build("chatbot", "dev");
        List<Exported> stacks = export("chatbot", "dev");
        Exported base = stacks.get(0);
        Exported dev = stacks.get(1);
        swarm.deploy(base);
        makeOwnOnBase(base.name());
        swarm.deploy(dev);

        Site app = swarm.site(8000);
        app.await("/health", "\"healthy\"");
        app.post("/api/v1/chat", "{\"message\": \"the word of dev\"}");
        assertThat(app.post("/api/v1/chat", "{\"message\": \"again the word of dev\"}"))
                .containsEntry("reply", "That is like: the word of dev");
        app.put("/api/v1/files/note", "kept by dev");
        app.await("/api/v1/files/note", "kept by dev");
        Object task = app.post("/api/v1/tasks", "{\"text\": \"one word and one more\"}")
                .get("task");
        app.await("/api/v1/tasks/" + task, "\"different\":4");
        swarm.site(5555).await("/api/tasks", String.valueOf(task));
        assertThat(swarm.inside(base.service("nginx"), "curl", "-fsSk", "https://127.0.0.1/health"))
                .isEqualTo("healthy");
        assertThat(swarm.inside(base.service("postgres"), "getent", "hosts", "app"))
                .as("what the export says of names")
                .isEqualTo(swarm.inside(base.service("postgres"), "getent", "hosts", "dev-app")
                        .replace("dev-app", "app"));

        swarm.scale(dev.service("flower"), 0);
        launcher.environment("APP_MEMORY", "512m");
        swarm.deploy(export("chatbot", "dev").get(1));
        swarm.awaitInspected(dev.service("app"), "{{.HostConfig.Memory}}", megabytes(512));
        app.await("/api/v1/files/note", "kept by dev");

        swarm.remove(dev.name());
        swarm.remove(base.name());
    }

    @Test
    @Row("export.swarm")
    void integradorWhenDeployedServesTheProcessesThatRunBesideIt() throws Exception {
        Backend backend = Backend.copy(launcher);
        Exported integrador = export("integrador", "dev").get(0);
        swarm.deploy(integrador);
        swarm.scale(integrador.service("ollama"), 1);
        swarm.site(11434).await("/api/version", "version");

        String node = swarm.site(0).host();
        launcher.environment(
                        "DATABASE_URL", "postgresql://postgres:postgres@" + node + ":" + backend.db() + "/menu_ops")
                .environment("REDIS_URL", "redis://" + node + ":" + backend.redis());
        try (LiveRun beside = launcher.begin("dev", "integrador").awaitOutput("Staying with", LONGEST)) {
            assertThat(backend.get(backend.api(), "/api/health/detailed").body())
                    .contains("\"database\":\"healthy\"", "\"redis\":\"healthy\"");
            beside.interrupt().await(LONGEST);
        }
        backend.awaitNobody();

        launcher.withoutEnvironment("DATABASE_URL")
                .withoutEnvironment("REDIS_URL")
                .environment("REDIS_MEMORY", "64m");
        swarm.deploy(export("integrador", "dev").get(0));
        swarm.awaitInspected(integrador.service("redis"), "{{.HostConfig.Memory}}", megabytes(64));
        swarm.awaitInspected(integrador.service("redis"), "{{.HostConfig.MemorySwap}}", megabytes(128));
        swarm.remove(integrador.name());
    }

    /** The export says that this has to be made, and docs/beyond-one-machine.md how. */
    private static void makeOwnOnBase(String network) throws IOException, InterruptedException {
        swarm.once(
                network,
                "PGPASSWORD=postgres",
                "postgres:16-alpine",
                "createdb",
                "--host=postgres",
                "--username=postgres",
                "dev_shia_chatbot");
        String store = "MC_HOST_store=http://minioadmin:minioadmin@minio:9000";
        swarm.once(network, store, "minio/mc", "mb", "store/dev-documents", "store/dev-archive");
    }

    private void build(String stack, String environment) throws InterruptedException {
        Run build = launcher.run("build", stack, "--env", environment);
        assertThat(build.exitCode()).as(build.toString()).isZero();
    }

    private List<Exported> export(String stack, String environment) throws IOException, InterruptedException {
        return swarm.export(launcher, launcher.project().resolve("exported"), stack, "--env", environment);
    }

    private static void makeForEverybody(Path directory) throws IOException {
        Files.setPosixFilePermissions(Files.createDirectories(directory), PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static String megabytes(int number) {
        return Long.toString(number * 1024L * 1024L);
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }
}
