package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The servers of BI-Agent with a {@code .env} and files of the project's own, from their first start to the end in which
 * nothing of them is left.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CustomizationIT {
    @RegisterExtension
    static final Launcher launcher = Launcher.of("bi-agent");

    private static final String OWN_SQL =
            "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\"; CREATE SCHEMA analytics; CREATE TABLE analytics.mine (id int);\n";
    private static final String OWN_SCRIPT =
            "#!/bin/sh\npsql -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c 'CREATE ROLE mine'\n";
    private static final String OWN_PROMETHEUS =
            "global: {scrape_interval: 7s}\nscrape_configs: [{job_name: mine, static_configs: [{targets: ['localhost:9090']}]}]\n";
    private static final String OWN_COLLECTOR =
            """
            receivers: {otlp: {protocols: {http: {endpoint: "0.0.0.0:4318"}}}}
            exporters: {debug: {}}
            extensions: {health_check: {endpoint: "0.0.0.0:13133"}}
            service: {extensions: [health_check], pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
            """;
    private static final String OWN_SOURCE =
            "apiVersion: 1\ndatasources:\n- {name: Mine, uid: mine, type: prometheus, access: proxy, url: 'http://prometheus:9090'}\n";
    private static final String OWN_PROVIDER =
            "apiVersion: 1\nproviders:\n- {name: mine, type: file, options: {path: /var/lib/grafana/dashboards}}\n";

    private static Platform platform;
    private static int database;
    private static int store;

    @BeforeAll
    static void bringUp() throws Exception {
        platform = Platform.elsewhere(launcher);
        int first = FreePorts.inARow(3);
        database = first;
        store = first + 2;
        for (String port : List.of("DB_PORT", "REDIS_PORT", "MINIO_PORT")) {
            launcher.withoutEnvironment(port);
        }
        launcher.dotEnv(
                "DB_PORT=" + database,
                "REDIS_PORT=" + (first + 1),
                "MINIO_PORT=" + store,
                "DB_USER=admin",
                "DB_PASSWORD=mysecretpassword",
                "MINIO_ROOT_USER=myadmin",
                "GRAFANA_ADMIN_PASSWORD=mygrafana",
                "JWT_SECRET=my-production-secret",
                "REDIS_CPUS=0.5",
                "REDIS_MEMORY=96m");
        write("scripts/init-pgvector.sql", OWN_SQL);
        write("scripts/bootstrap-db.sh", OWN_SCRIPT);
        write("observability/prometheus.yml", OWN_PROMETHEUS);
        write("observability/otel-collector-config.yml", OWN_COLLECTOR);
        write("observability/grafana/provisioning/datasources/mine.yml", OWN_SOURCE);
        write("observability/grafana/provisioning/dashboards/mine.yml", OWN_PROVIDER);
        write("observability/grafana/dashboards/mine.json", "{\"uid\": \"mine\", \"title\": \"Mine\", \"panels\": []}");
        Run run = launcher.run("start", "bi-agent", "--infra");
        assertThat(run.exitCode()).as(run.toString()).isZero();
    }

    @Test
    @Order(1)
    @Row("bi-agent.infra")
    @Row("settled.infra")
    void infraWhenAskedForIsTheServersWithoutTheFiveApplications() {
        assertThat(Docker.running(launcher.prefix("dev")).keySet())
                .containsExactlyInAnyOrder(
                        "postgres", "redis", "minio", "otel-collector", "jaeger", "prometheus", "grafana");
    }

    @Test
    @Order(2)
    @Row("bi-agent.env-ports")
    @Row("common.dotenv")
    void portsWhenSetInDotEnvAreThose() throws Exception {
        assertThat(facts("postgres").publishedPorts()).containsEntry("5432/tcp", "127.0.0.1:" + database);
        assertThat(facts("redis").publishedPorts()).containsEntry("6379/tcp", "127.0.0.1:" + (database + 1));
        assertThat(new Http(store).get("/minio/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(3)
    @Row("bi-agent.env-credentials")
    void credentialsWhenSetInDotEnvHoldEverywhere() throws Exception {
        assertThat(sql("SELECT current_user")).isEqualTo("admin");
        assertThat(platform.http("GRAFANA_PORT")
                        .basic("admin", "mygrafana")
                        .get("/api/user")
                        .statusCode())
                .isEqualTo(200);
        assertThat(facts("minio").environment()).containsEntry("MINIO_ROOT_USER", "myadmin");
        assertThat(launcher.run("env", "bi-agent", "analytics-api", "--for", "container", "--show-secrets")
                        .out())
                .contains("postgresql://admin:mysecretpassword@postgres:5432/analytics_db")
                .contains("MINIO_ACCESS_KEY=myadmin", "JWT_SECRET=my-production-secret");
    }

    @Test
    @Order(4)
    @Row("bi-agent.env-limits")
    void limitsWhenSetInDotEnvAreThoseOfTheContainer() {
        assertThat(facts("redis").number("HostConfig", "Memory")).isEqualTo(96L << 20);
        assertThat(facts("redis").number("HostConfig", "NanoCpus")).isEqualTo(500_000_000L);
        assertThat(facts("postgres").number("HostConfig", "Memory")).isZero();
    }

    @Test
    @Order(5)
    @Row("bi-agent.mount-pgvector")
    @Row("bi-agent.mount-bootstrap")
    void scriptsWhenTheProjectHasThemRunInPlaceOfTheGenerated() {
        assertThat(sql("SELECT count(*) FROM analytics.mine")).isEqualTo("0");
        assertThat(sql("SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname IN ('mine', 'analytics_reader')"))
                .isEqualTo("mine");
    }

    @Test
    @Order(6)
    @Row("bi-agent.mount-prometheus")
    @Row("bi-agent.mount-collector")
    @Row("bi-agent.mount-provisioning")
    @Row("bi-agent.mount-dashboards")
    void configurationsWhenTheProjectHasThemAreTheServers() throws Exception {
        assertThat(platform.prometheus().json("/api/v1/status/config").toString())
                .contains("job_name: mine", "7s");
        assertThat(platform.http("OTEL_COLLECTOR_HEALTH_PORT").get("/").statusCode())
                .isEqualTo(200);
        Http grafana = platform.http("GRAFANA_PORT").basic("admin", "mygrafana");
        assertThat(grafana.get("/api/datasources").body()).contains("Mine").doesNotContain("Jaeger");
        assertThat(grafana.json("/api/dashboards/uid/mine").toString()).contains("Mine");
        assertThat(grafana.get("/api/dashboards/uid/bi-agent").statusCode()).isEqualTo(404);
    }

    @Test
    @Order(7)
    @Row("bi-agent.own-files-kept")
    void filesWhenTheProjectHasThemAreNotWrittenOver() {
        assertThat(launcher.project().resolve("scripts/init-pgvector.sql")).hasContent(OWN_SQL);
        assertThat(launcher.project().resolve("scripts/bootstrap-db.sh")).hasContent(OWN_SCRIPT);
        assertThat(launcher.project().resolve("observability/prometheus.yml")).hasContent(OWN_PROMETHEUS);
        assertThat(launcher.project().resolve("observability/otel-collector-config.yml"))
                .hasContent(OWN_COLLECTOR);
    }

    @Test
    @Order(8)
    @Row("bi-agent.setup-local-env")
    @Row("bi-agent.env-example")
    void initWhenRunInAnEmptyProjectWritesEveryVariableWithItsExplanation() throws Exception {
        Launcher fresh = Launcher.of("bi-agent");
        fresh.open();
        try {
            Run init = fresh.run("init", "bi-agent");

            assertThat(init.exitCode()).as(init.toString()).isZero();
            assertThat(fresh.project().resolve(".env"))
                    .content()
                    .contains("DB_PORT", "DB_USER", "DB_PASSWORD", "REDIS_PORT", "MINIO_PORT", "MINIO_ROOT_USER")
                    .contains("JWT_SECRET", "HIPAA_MODE", "CELERY_WORKER_CONCURRENCY", "OTEL_TRACES_SAMPLER_ARG")
                    .contains("GRAFANA_ADMIN_PASSWORD", "How long Prometheus keeps what it was told.");
            Platform.elsewhere(fresh);
            Run plan = fresh.run("plan", "start", "bi-agent", "--infra");
            assertThat(plan.exitCode()).as(plan.toString()).isZero();
        } finally {
            fresh.close();
        }
    }

    @Test
    @Order(9)
    @Row("bi-agent.cleanup")
    void downWhenVolumesAndImagesAreAskedForLeavesNothingAfterAsking() throws Exception {
        Run refused = launcher.run("down", "bi-agent", "--volumes");
        assertThat(refused.exitCode()).as(refused.toString()).isNotZero();
        assertThat(Docker.running(launcher.prefix("dev"))).hasSize(7);

        Run down = launcher.run("down", "bi-agent", "--volumes", "--images", "--yes");

        assertThat(down.exitCode()).as(down.toString()).isZero();
        String suffix = launcher.prefix("dev").substring("bi-agent-dev".length());
        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(Docker.volumesEndingWith(suffix)).isEmpty();
        assertThat(Docker.networks("local-dev")).noneMatch(name -> name.endsWith(suffix));
    }

    private static void write(String name, String content) throws Exception {
        Path file = launcher.project().resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String sql(String query) {
        return Platform.sql(launcher.prefix("dev") + "-postgres", query);
    }

    private static Docker.Facts facts(String service) {
        return Docker.inspect(launcher.prefix("dev") + "-" + service);
    }
}
