package dev.withstack.profiles.integrador;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.HostAddresses;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntegradorTests {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static StackDefinition stack(Environment environment, String... settings) {
        Map<String, String> given = new LinkedHashMap<>();
        if (environment.isRelease()) {
            given.put("JWT_SECRET", SECRET);
            given.put("TABLE_TOKEN_SECRET", SECRET + "x");
            given.put("POSTGRES_PASSWORD", "not-the-usual-one");
        }
        for (int i = 0; i < settings.length; i += 2) {
            given.put(settings[i], settings[i + 1]);
        }
        return Profiles.load(new Integrador(), Settings.of(environment, given));
    }

    private static List<String> command(StackDefinition stack, String service) {
        return ((Source.Process) stack.service(service).source())
                .command().stream()
                        .map(word -> word.resolve(new HostAddresses(stack)))
                        .toList();
    }

    private static String variable(StackDefinition stack, String service, String name) {
        Service found = stack.service(service);
        return found.environment().get(name).resolve(HostAddresses.seenBy(found, stack));
    }

    @Test
    void defineInDevRunsBothServicesWithReload() {
        StackDefinition stack = stack(Environment.DEV);

        assertThat(stack.services().keySet()).containsExactly("db", "redis", "ollama", "rest-api", "ws-gateway");
        assertThat(command(stack, "rest-api"))
                .containsExactly("python", "-m", "uvicorn", "rest_api.main:app", "--reload", "--port", "8000");
        assertThat(command(stack, "ws-gateway"))
                .containsExactly("python", "-m", "uvicorn", "ws_gateway.main:app", "--reload", "--port", "8001");
    }

    @ParameterizedTest
    @EnumSource(
            value = Environment.class,
            names = {"STAGE", "PROD"})
    void defineInAReleaseReloadsNothingAndPublishesItsServersToThisHost(Environment environment) {
        StackDefinition stack = stack(environment);

        assertThat(command(stack, "rest-api")).doesNotContain("--reload");
        assertThat(variable(stack, "rest-api", "DEBUG")).isEqualTo("false");
        assertThat(variable(stack, "rest-api", "DATABASE_URL"))
                .isEqualTo("postgresql://postgres:not-the-usual-one@127.0.0.1:5432/menu_ops");
    }

    @Test
    void defineInProdRefusesWhatEverybodyKnows() {
        assertThatThrownBy(() -> stack(
                        Environment.PROD,
                        "JWT_SECRET",
                        "your-secret-key-minimum-32-characters",
                        "TABLE_TOKEN_SECRET",
                        "short",
                        "DEBUG",
                        "true"))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("JWT_SECRET")
                .hasMessageContaining("TABLE_TOKEN_SECRET")
                .hasMessageContaining("DEBUG");
        assertThatThrownBy(() -> stack(
                        Environment.PROD, "DATABASE_URL", "postgresql://postgres:postgres@localhost:5432/menu_ops"))
                .hasMessageContaining("DATABASE_URL")
                .hasMessageContaining("known development password");
    }

    @Test
    void servicesWhenTheDocumentsOwnEnvFileIsReadUseTheStacksServers() {
        StackDefinition stack = stack(
                Environment.DEV,
                "DATABASE_URL",
                "postgresql://postgres:postgres@localhost:5432/menu_ops",
                "REDIS_URL",
                "redis://localhost:6380");

        assertThat(stack.service("db").source()).isEqualTo(new Source.Image("pgvector/pgvector:pg16"));
        assertThat(stack.service("redis").source()).isEqualTo(new Source.Image("redis:7-alpine"));
        assertThat(variable(stack, "ws-gateway", "REDIS_URL")).isEqualTo("redis://127.0.0.1:6380/0");
    }

    @Test
    void databaseWhenItsUrlNamesThisHostIsMadeWithWhatItSays() {
        StackDefinition stack =
                stack(Environment.DEV, "DATABASE_URL", "postgresql+psycopg://menu:p%40ss@127.0.0.1:5499/shop");

        assertThat(variable(stack, "db", "POSTGRES_USER")).isEqualTo("menu");
        assertThat(variable(stack, "db", "POSTGRES_PASSWORD")).isEqualTo("p@ss");
        assertThat(variable(stack, "rest-api", "DATABASE_URL"))
                .isEqualTo("postgresql+psycopg://menu:p%40ss@127.0.0.1:5499/shop");
    }

    @Test
    void databaseWhenItsUrlNamesAnotherHostIsUsedFromThere() {
        String url = "postgresql://menu:secret@db.example.com:5432/shop";
        StackDefinition stack = stack(Environment.DEV, "DATABASE_URL", url);

        assertThat(stack.service("db").source()).isInstanceOf(Source.External.class);
        assertThat(variable(stack, "rest-api", "DATABASE_URL")).isEqualTo(url);
    }

    @Test
    void portsWhenTheyAreSetReachCommandsAndUrls() {
        StackDefinition stack =
                stack(Environment.DEV, "REST_API_PORT", "9000", "DB_PORT", "9432", "REDIS_PORT", "9380");

        assertThat(command(stack, "rest-api")).endsWith("--port", "9000");
        assertThat(variable(stack, "rest-api", "DATABASE_URL")).contains("@127.0.0.1:9432/");
        assertThat(variable(stack, "ws-gateway", "REDIS_URL")).isEqualTo("redis://127.0.0.1:9380/0");
    }

    @Test
    void gatewayWaitsForTheApiWhereThatIsStartedToo() {
        StackDefinition stack = stack(Environment.DEV);

        assertThat(stack.service("ws-gateway").dependencies().toString()).contains("rest-api", "HEALTHY", "OPTIONAL");
        assertThat(variable(stack, "ws-gateway", "PYTHONPATH")).isEqualTo(".");
    }
}
