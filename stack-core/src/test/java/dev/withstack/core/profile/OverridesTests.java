package dev.withstack.core.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTests {
    private static final Service API = Service.built("pipeline-api", "pipeline")
            .port("http", 8000)
            .hostPort(8000)
            .port("grpc", 9000);

    @Test
    void applyWhenNothingIsGivenChangesNothing() {
        Service service = apply(API, Map.of());

        assertThat(service.endpoints()).isEqualTo(API.endpoints());
        assertThat(service.source()).isEqualTo(API.source());
        assertThat(service.limits()).isEqualTo(API.limits());
    }

    @Test
    void applyWhenThePortIsGivenPublishesTheFirstEndpointThere() {
        Service service = apply(API, Map.of("PIPELINE_API_PORT", "8123"));

        assertThat(service.endpoint("http").publication()).isEqualTo(new Endpoint.Fixed("127.0.0.1", 8123));
        assertThat(service.endpoint("grpc").publication()).isEqualTo(new Endpoint.Hidden());
    }

    @Test
    void applyWhenThePortOfAnEndpointIsGivenPublishesThat() {
        Service service = apply(
                API,
                Map.of("PIPELINE_API_GRPC_PORT", "9123", "PIPELINE_API_HTTP_PORT", "8124", "PIPELINE_API_PORT", "1"));

        assertThat(service.endpoint("grpc").publication()).isEqualTo(new Endpoint.Fixed("127.0.0.1", 9123));
        assertThat(service.endpoint("http").publication()).isEqualTo(new Endpoint.Fixed("127.0.0.1", 8124));
    }

    @Test
    void applyWhenTheDocumentsOwnNameOfThePortIsGivenTakesIt() {
        Service db = Service.image("postgres", "postgres:15")
                .port("sql", 5432)
                .hostPort(5432)
                .portVariable("sql", "DB_PORT");

        assertThat(db.portVariable(db.endpoint("sql"))).isEqualTo("DB_PORT");
        assertThat(apply(db, Map.of("DB_PORT", "5433")).endpoint("sql").publication())
                .isEqualTo(new Endpoint.Fixed("127.0.0.1", 5433));
        assertThat(apply(db, Map.of("POSTGRES_PORT", "5434")).endpoint("sql").publication())
                .isEqualTo(new Endpoint.Fixed("127.0.0.1", 5434));
    }

    @Test
    void applyWhenThePortIsWhatDockerLinksPutThereLeavesItAlone() {
        Map<String, String> linked = Map.of(
                "PIPELINE_API_PORT", "tcp://172.17.0.2:8000",
                "PIPELINE_API_GRPC_PORT", "tcp://172.17.0.2:9000");

        assertThat(apply(API, linked).endpoints()).isEqualTo(API.endpoints());
    }

    @Test
    void applyWhenOnlyTheEndpointsOwnPortComesFromALinkTakesThatOfTheService() {
        Map<String, String> settings =
                Map.of("PIPELINE_API_HTTP_PORT", "tcp://172.17.0.2:8000", "PIPELINE_API_PORT", "8123");

        assertThat(apply(API, settings).endpoint("http").publication())
                .isEqualTo(new Endpoint.Fixed("127.0.0.1", 8123));
    }

    @Test
    void applyWhenImageAndLimitsAreGivenTakesThem() {
        Service service = apply(
                API,
                Map.of(
                        "PIPELINE_API_IMAGE", "registry.example.com/api:3",
                        "PIPELINE_API_CPUS", "1.5",
                        "PIPELINE_API_MEMORY", "512m"));

        assertThat(service.source()).isEqualTo(new Source.Image("registry.example.com/api:3"));
        assertThat(service.limits().cpus()).contains(1.5);
        assertThat(service.limits().memoryBytes()).contains(512L << 20);
    }

    @Test
    void applyWhenValuesAreNoneOfTheirKindReportsEach() {
        Settings settings = Settings.of(
                Environment.DEV,
                Map.of(
                        "PIPELINE_API_PORT", "http",
                        "PIPELINE_API_GRPC_PORT", "70000",
                        "PIPELINE_API_CPUS", "many",
                        "PIPELINE_API_MEMORY", "lots"));

        Service service = new Overrides(settings).apply(API);

        assertThat(service.limits().memoryBytes()).isEmpty();
        assertThat(settings.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "PIPELINE_API_PORT (--set): 'http' is not a whole number from 1 to 65535.",
                        "PIPELINE_API_GRPC_PORT (--set): '70000' is not a whole number from 1 to 65535.",
                        "PIPELINE_API_CPUS (--set): 'many' is not a number of CPUS such as 0.5 or 2.",
                        "PIPELINE_API_MEMORY (--set): 'lots' is not a size such as 512m or 2g.");
    }

    @Test
    void applyWhenTheServiceRunsElsewhereChangesNothing() {
        Service elsewhere = API.external(new HostAndPort("api.example.com", 443));

        Service service = apply(elsewhere, Map.of("PIPELINE_API_IMAGE", "api:3", "PIPELINE_API_PORT", "8123"));

        assertThat(service.source()).isEqualTo(elsewhere.source());
        assertThat(service.endpoints()).isEqualTo(elsewhere.endpoints());
    }

    private static Service apply(Service service, Map<String, String> values) {
        Settings settings = Settings.of(Environment.DEV, values);
        Service changed = new Overrides(settings).apply(service);
        assertThat(settings.problems()).isEmpty();
        return changed;
    }
}
