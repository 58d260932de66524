package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code start} does, told by the events that it printed and by what the engine has afterwards. */
class StartIT {
    private static final List<String> SERVERS = List.of("redis", "postgres", "minio", "qdrant");

    @RegisterExtension
    static final WholeStack stack = new WholeStack();

    @Test
    @Row("common.one-command")
    @Row("common.samples")
    @Row("frostbyte.start")
    @Row("settled.start-all")
    void startWhenNothingRunsBringsUpAllSix() {
        assertThat(Docker.running(stack.launcher().prefix("dev")))
                .containsOnlyKeys("redis", "postgres", "minio", "qdrant", "pipeline-api", "admin-dashboard");
        assertThat(stack.start().events("finished")).hasSize(1);
        assertThat(stack.start().events("service"))
                .extracting(event -> event.get("service") + " " + event.get("state") + " " + event.get("health"))
                .containsExactly(
                        "redis running healthy",
                        "postgres running healthy",
                        "minio running healthy",
                        "qdrant running healthy",
                        "pipeline-api running healthy",
                        "admin-dashboard running healthy");
    }

    @Test
    @Row("common.gated")
    @Row("frostbyte.pipeline-api")
    @Row("frostbyte.admin-dashboard")
    void serviceWhenItNeedsOthersStartsOnlyAfterTheyAreReady() {
        Map<String, Instant> ready = times("ready", "");

        Instant apiStarted = began("start pipeline-api");
        Instant dashboardStarted = began("start admin-dashboard");

        assertThat(SERVERS).allSatisfy(server -> assertThat(apiStarted).isAfterOrEqualTo(ready.get(server)));
        assertThat(dashboardStarted).isAfterOrEqualTo(ready.get("pipeline-api"));
        assertThat(engineStarted("pipeline-api")).isAfter(latestOf(SERVERS));
        assertThat(engineStarted("admin-dashboard")).isAfter(engineStarted("pipeline-api"));
    }

    @Test
    @Row("common.parallel")
    void serversWhenNoneNeedsAnotherStartBesideEachOther() {
        // by the plan, not by the clock: on a slow machine the first may be ready before the last was even begun
        Map<Integer, String> steps = new LinkedHashMap<>();
        planned().forEach(step -> steps.put((Integer) step.get("number"), String.valueOf(step.get("step"))));

        assertThat(planned())
                .filteredOn(step -> SERVERS.contains(String.valueOf(step.get("service"))))
                .filteredOn(step -> step.get("step").toString().startsWith("start "))
                .hasSize(4)
                .allSatisfy(start -> assertThat((List<?>) start.get("after"))
                        .map(steps::get)
                        .allSatisfy(step -> assertThat(step).startsWith("create ")));
    }

    @Test
    @Row("frostbyte.redis")
    @Row("frostbyte.postgres")
    @Row("frostbyte.minio")
    @Row("frostbyte.qdrant")
    @Row("frostbyte.pipeline-api")
    @Row("frostbyte.admin-dashboard")
    void portsWhenNothingElseIsSetAreTheDocumentsOnLoopback() {
        if (Optional.ofNullable(System.getenv("CI")).isEmpty()) {
            assumeThat(stack.hasDocumentedNames())
                    .as("Another copy of Frostbyte, or something else, holds its ports or its names on this machine:"
                            + " run this again when it is gone")
                    .isTrue();
        }
        Map<String, Map<String, String>> published = new LinkedHashMap<>();
        Docker.running("frostbyte-dev")
                .keySet()
                .forEach(service -> published.put(
                        service, Docker.inspect("frostbyte-dev-" + service).publishedPorts()));

        assertThat(published)
                .containsEntry("redis", Map.of("6379/tcp", "127.0.0.1:6379"))
                .containsEntry("postgres", Map.of("5432/tcp", "127.0.0.1:5433"))
                .containsEntry("minio", Map.of("9000/tcp", "127.0.0.1:9000", "9001/tcp", "127.0.0.1:9001"))
                .containsEntry("qdrant", Map.of("6333/tcp", "127.0.0.1:6333", "6334/tcp", "127.0.0.1:6334"))
                .containsEntry("pipeline-api", Map.of("8000/tcp", "127.0.0.1:8000"))
                .containsEntry("admin-dashboard", Map.of("5174/tcp", "127.0.0.1:5174"));
    }

    @Test
    @Row("frostbyte.restart-policy")
    void servicesWhenStartedRestartUnlessStopped() {
        assertThat(Docker.running(stack.launcher().prefix("dev")).keySet())
                .allSatisfy(service -> assertThat(facts(service).text("HostConfig", "RestartPolicy", "Name"))
                        .as(service)
                        .isEqualTo("unless-stopped"));
    }

    @Test
    @Row("common.health-check")
    @Row("settled.container-health")
    void containersWhenTheirImageHasTheMeansHaveTheirCheckAtTheDocumentsPace() {
        Map<String, String> checks = new LinkedHashMap<>();
        for (String service : List.of("redis", "postgres", "minio", "pipeline-api", "admin-dashboard")) {
            Docker.Facts facts = facts(service);
            assertThat(facts.number("Config", "Healthcheck", "Interval"))
                    .as(service)
                    .isEqualTo(service.equals("redis") ? 5_000_000_000L : 10_000_000_000L);
            assertThat(facts.number("Config", "Healthcheck", "Timeout"))
                    .as(service)
                    .isEqualTo(5_000_000_000L);
            assertThat(facts.number("Config", "Healthcheck", "Retries"))
                    .as(service)
                    .isEqualTo(5);
            assertThat(facts.number("Config", "Healthcheck", "StartPeriod"))
                    .as(service)
                    .isEqualTo(10_000_000_000L);
            checks.put(service, facts.text("Config", "Healthcheck", "Test"));
        }
        assertThat(checks.get("redis")).contains("redis-cli").contains("ping");
        assertThat(checks.get("postgres")).contains("pg_isready");
        assertThat(checks.get("minio")).contains("/minio/health/live");
        assertThat(checks.get("pipeline-api")).contains("/health");
        assertThat(checks.get("admin-dashboard")).contains("/admin/");
    }

    @Test
    @Row("settled.outside-probe")
    void statusWhenAnImageHasNoShellSaysThatItIsProbedFromOutside() throws Exception {
        assertThat(facts("qdrant").tree().get("State").toString()).doesNotContain("Health");

        Run status = stack.run("status", "frostbyte");

        assertThat(status.out())
                .contains("no check inside the container of qdrant: probed from outside only; ask with 'check'");
    }

    @Test
    @Row("common.start-screen")
    @Row("common.status")
    void statusWhenAllIsUpShowsEachServiceWithStateHealthAndAddress() throws Exception {
        Run status = stack.run("status", "frostbyte");

        assertThat(status.out()).contains("SERVICE", "STATE", "HEALTH", "ADDRESS", "IMAGE");
        assertThat(rowOf(status, "redis"))
                .contains("running", "127.0.0.1:" + stack.ports().redis());
        assertThat(rowOf(status, "postgres"))
                .contains("running", "127.0.0.1:" + stack.ports().postgres());
        assertThat(rowOf(status, "pipeline-api"))
                .contains("running", "127.0.0.1:" + stack.ports().api(), "built from pipeline");
        assertThat(rowOf(status, "admin-dashboard"))
                .contains("127.0.0.1:" + stack.ports().dashboard(), "built from packages/admin-dashboard");
        assertThat(stack.run("status", "frostbyte", "--output", "json").events("service"))
                .hasSize(6);
    }

    @Test
    @Row("settled.stand-ins")
    void statusAndCheckWhenAServerIsAStandInNameIt() throws Exception {
        List<Map<String, Object>> services =
                stack.launcher().run("status", "frostbyte", "--output", "json").events("service");
        String check = stack.launcher().run("check", "frostbyte").out();

        assertThat(services).hasSize(6);
        for (Map<String, Object> service : services) {
            Map<?, ?> image = (Map<?, ?>) service.get("image");
            boolean isStandIn = image.get("standing").equals("stand-in");
            assertThat(check.lines()
                            .filter(line -> line.contains("  " + service.get("service") + "  "))
                            .filter(line -> line.contains("  answers ")))
                    .allSatisfy(line -> assertThat(line.contains("a stand-in for " + image.get("asked")))
                            .as(line)
                            .isEqualTo(isStandIn));
        }
    }

    @Test
    void startWhenAllIsUpChangesNothing() throws Exception {
        Map<String, String> before = Docker.running(stack.launcher().prefix("dev"));

        Run again = stack.run("start", "frostbyte");

        assertThat(again.out()).contains("is up; nothing to change.");
        assertThat(Docker.running(stack.launcher().prefix("dev"))).isEqualTo(before);
    }

    /** Events of one kind by service; where a step is named only those of that step. */
    private static Map<String, Instant> times(String kind, String step) {
        Map<String, Instant> times = new LinkedHashMap<>();
        for (Map<String, Object> event : stack.start().events(kind)) {
            if (step.isEmpty() || step.equals(event.get("step"))) {
                times.put(
                        String.valueOf(event.get("service")),
                        Instant.parse(event.get("at").toString()));
            }
        }
        return times;
    }

    /** Return the steps of the plan that was carried out. */
    private static List<Map<String, Object>> planned() {
        List<Map<String, Object>> plans = stack.start().events("planned");
        List<Map<String, Object>> steps = new ArrayList<>();
        for (Object step : (List<?>) plans.get(plans.size() - 1).get("steps")) {
            Map<String, Object> fields = new LinkedHashMap<>();
            ((Map<?, ?>) step).forEach((name, value) -> fields.put(String.valueOf(name), value));
            steps.add(fields);
        }
        return steps;
    }

    private static Instant began(String step) {
        return times("step-started", step).values().stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("No step '" + step + "' in " + stack.start()));
    }

    private static Instant engineStarted(String service) {
        return Instant.parse(facts(service).text("State", "StartedAt"));
    }

    private static Instant latestOf(List<String> services) {
        return services.stream()
                .map(StartIT::engineStarted)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private static Docker.Facts facts(String service) {
        return Docker.inspect(stack.container(service));
    }

    private static String rowOf(Run run, String service) {
        return run.out()
                .lines()
                .filter(line -> line.startsWith(service + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(run.toString()));
    }
}
