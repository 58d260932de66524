package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.SharedStack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code start} does, told by the events that it printed and by what the engine has afterwards. */
class StartIT {
    private static final List<String> SERVERS = List.of("postgres", "redis", "minio");

    @RegisterExtension
    static final SharedStack stack = Platform.shared();

    @Test
    @Row("common.one-command")
    @Row("common.samples")
    @Row("bi-agent.dev")
    @Row("bi-agent.healthy")
    @Row("bi-agent.env-defaults")
    void startWhenNothingRunsBringsUpAllTwelve() {
        assertThat(Docker.running(stack.launcher().prefix("dev")).keySet())
                .containsExactlyInAnyOrderElementsOf(Platform.TWELVE);
        assertThat(stack.start().events("service"))
                .filteredOn(event -> Platform.TWELVE.contains(event.get("service")))
                .hasSize(12)
                .allSatisfy(event ->
                        assertThat(event).containsEntry("state", "running").containsEntry("health", "healthy"));
        assertThat(stack.start().events("finished")).hasSize(1);
    }

    @Test
    @Row("common.gated")
    @Row("bi-agent.dev")
    @Row("bi-agent.analytics-api")
    @Row("bi-agent.ml-service")
    @Row("bi-agent.web")
    @Row("bi-agent.celery-worker")
    @Row("bi-agent.celery-beat")
    void applicationWhenItNeedsServersStartsOnlyAfterTheyAreReady() {
        for (String application : List.of("analytics-api", "ml-service", "celery-worker", "celery-beat")) {
            assertThat(SERVERS).allSatisfy(server -> assertThat(began(application))
                    .as("%s waits for %s", application, server)
                    .isAfterOrEqualTo(ready(server)));
        }
        assertThat(began("analytics-api")).isAfterOrEqualTo(ready("otel-collector"));
        assertThat(began("ml-service")).isAfterOrEqualTo(ready("otel-collector"));
        assertThat(began("web")).isAfterOrEqualTo(ready("analytics-api"));
    }

    @Test
    @Row("bi-agent.buckets")
    void bucketsWhenTheApplicationsStartAreThere() throws Exception {
        Instant made = Instant.parse(facts("minio-buckets").text("State", "FinishedAt"));

        assertThat(facts("minio-buckets").number("State", "ExitCode")).isZero();
        assertThat(List.of("analytics-api", "ml-service", "celery-worker", "celery-beat"))
                .allSatisfy(application -> assertThat(
                                Instant.parse(facts(application).text("State", "StartedAt")))
                        .as(application)
                        .isAfter(made));
        String listed = stack.run(
                        "exec",
                        "bi-agent",
                        "ml-service",
                        "python",
                        "-c",
                        "import main; print([b['Name'] for b in main.Service(main.read_settings(), None)"
                                + ".store._client().list_buckets()['Buckets']])")
                .out();
        assertThat(listed).contains("'models'", "'datasets'", "'logs'");
    }

    @Test
    @Row("common.parallel")
    void serversWhenNoneNeedsAnotherStartBesideEachOther() {
        List<String> first = List.of("postgres", "redis", "minio", "otel-collector", "jaeger", "prometheus", "grafana");
        Instant firstReady =
                first.stream().map(StartIT::ready).min(Instant::compareTo).orElseThrow();

        assertThat(first)
                .filteredOn(server -> began(server).isBefore(firstReady))
                .hasSizeGreaterThan(1);
        assertThat(began("postgres")).isBefore(ready("minio"));
        assertThat(began("minio")).isBefore(ready("postgres"));
    }

    @Test
    @Row("bi-agent.postgres")
    @Row("bi-agent.redis")
    @Row("bi-agent.minio")
    @Row("bi-agent.analytics-api")
    @Row("bi-agent.ml-service")
    @Row("bi-agent.web")
    @Row("bi-agent.celery-worker")
    @Row("bi-agent.celery-beat")
    @Row("bi-agent.otel-collector")
    @Row("bi-agent.jaeger")
    @Row("bi-agent.prometheus")
    @Row("bi-agent.grafana")
    void portsWhenNothingElseIsSetAreTheDocumentsOnLoopback() {
        if (Optional.ofNullable(System.getenv("CI")).isEmpty()) {
            assumeThat(stack.hasDocumentedNames())
                    .as("Another copy of BI-Agent, or something else, holds its ports or its names on this machine")
                    .isTrue();
        }
        Map<String, List<String>> published = new TreeMap<>();
        for (String service : Platform.TWELVE) {
            List<String> ports = new ArrayList<>();
            facts(service).publishedPorts().forEach((inside, outside) -> ports.add(inside + " " + outside));
            published.put(service, ports);
        }

        assertThat(published)
                .containsEntry("postgres", List.of("5432/tcp 127.0.0.1:5432"))
                .containsEntry("redis", List.of("6379/tcp 127.0.0.1:6379"))
                .containsEntry("minio", List.of("9000/tcp 127.0.0.1:9000", "9001/tcp 127.0.0.1:9001"))
                .containsEntry("analytics-api", List.of("3000/tcp 127.0.0.1:3000"))
                .containsEntry("ml-service", List.of("8000/tcp 127.0.0.1:8000"))
                .containsEntry("web", List.of("3001/tcp 127.0.0.1:3001"))
                .containsEntry("celery-worker", List.of())
                .containsEntry("celery-beat", List.of())
                .containsEntry("jaeger", List.of("16686/tcp 127.0.0.1:16686"))
                .containsEntry("prometheus", List.of("9090/tcp 127.0.0.1:9090"))
                .containsEntry("grafana", List.of("3000/tcp 127.0.0.1:3002"))
                .containsEntry(
                        "otel-collector",
                        List.of(
                                "13133/tcp 127.0.0.1:13133",
                                "4317/tcp 127.0.0.1:4317",
                                "4318/tcp 127.0.0.1:4318",
                                "55679/tcp 127.0.0.1:55679",
                                "8888/tcp 127.0.0.1:8888",
                                "8889/tcp 127.0.0.1:8889"));
    }

    @Test
    @Row("bi-agent.network-local-dev")
    @Row("bi-agent.network-observability")
    void networksWhenUpHaveTheDocumentsMembers() {
        Map<String, List<String>> members = new LinkedHashMap<>();
        for (String service : Platform.TWELVE) {
            for (String network : facts(service).networks()) {
                members.computeIfAbsent(network.replaceAll("-it[0-9a-z]+$", ""), unused -> new ArrayList<>())
                        .add(service);
            }
        }

        assertThat(members).containsOnlyKeys("local-dev", "observability");
        assertThat(members.get("local-dev"))
                .containsExactlyInAnyOrder(
                        "postgres",
                        "redis",
                        "minio",
                        "analytics-api",
                        "ml-service",
                        "web",
                        "celery-worker",
                        "celery-beat");
        assertThat(members.get("observability"))
                .containsExactlyInAnyOrder(
                        "otel-collector",
                        "jaeger",
                        "prometheus",
                        "grafana",
                        "analytics-api",
                        "ml-service",
                        "celery-worker",
                        "celery-beat");
    }

    @Test
    @Row("bi-agent.postgres")
    @Row("bi-agent.redis")
    @Row("bi-agent.minio")
    @Row("bi-agent.prometheus")
    @Row("bi-agent.grafana")
    @Row("bi-agent.schedules")
    void volumesWhenUpAreTheDocumentsAtTheirPaths() {
        Map<String, String> volumes = new LinkedHashMap<>();
        for (String service : Platform.TWELVE) {
            facts(service).volumes().forEach(volumes::put);
        }

        assertThat(volumes)
                .containsEntry(volume("postgres_data"), "/var/lib/postgresql/data")
                .containsEntry(volume("redis_data"), "/data")
                .containsEntry(volume("minio_data"), "/minio_data")
                .containsEntry(volume("prometheus_data"), "/prometheus")
                .containsEntry(volume("grafana_data"), "/var/lib/grafana")
                .containsEntry(volume("celery_beat_data"), "/var/lib/celery");
    }

    @Test
    @Row("bi-agent.restart-policy")
    void servicesWhenStartedRestartUnlessStopped() {
        assertThat(Platform.TWELVE)
                .allSatisfy(service -> assertThat(facts(service).text("HostConfig", "RestartPolicy", "Name"))
                        .as(service)
                        .isEqualTo("unless-stopped"));
    }

    @Test
    @Row("bi-agent.healthy")
    @Row("settled.container-health")
    @Row("settled.outside-probe")
    void containersWhenTheirImageHasTheMeansHaveTheirCheckInside() throws Exception {
        for (String service : Platform.TWELVE) {
            if (!service.equals("otel-collector")) {
                assertThat(facts(service).text("Config", "Healthcheck", "Test"))
                        .as(service)
                        .isNotBlank();
            }
        }
        assertThat(facts("celery-worker").text("Config", "Healthcheck", "Test")).contains("inspect ping");
        assertThat(stack.launcher().run("status", "bi-agent").out())
                .contains("no check inside the container of otel-collector: probed from outside only");
    }

    @Test
    void startWhenAllIsUpChangesNothing() throws Exception {
        Map<String, String> before = Docker.running(stack.launcher().prefix("dev"));

        Run again = stack.run("start", "bi-agent");

        assertThat(again.out()).contains("is up; nothing to change.");
        assertThat(Docker.running(stack.launcher().prefix("dev"))).isEqualTo(before);
    }

    private static Instant began(String service) {
        return at("step-started", service, "start " + service);
    }

    private static Instant ready(String service) {
        return at("ready", service, "");
    }

    private static Instant at(String kind, String service, String step) {
        return stack.start().events(kind).stream()
                .filter(event -> service.equals(event.get("service")))
                .filter(event -> step.isEmpty() || step.equals(event.get("step")))
                .map(event -> Instant.parse(event.get("at").toString()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + kind + " of " + service + " in " + stack.start()));
    }

    private static String volume(String name) {
        return stack.launcher().volume("dev", name);
    }

    private static Docker.Facts facts(String service) {
        return Docker.inspect(stack.container(service));
    }
}
