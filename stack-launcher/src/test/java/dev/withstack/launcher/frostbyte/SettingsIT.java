package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything starts: settings that are wrong or weak, words that are unknown, engines that are none. */
class SettingsIT {
    private static final String GOOD = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    final Launcher launcher = Launcher.create();

    @AfterEach
    void nothingWasStarted() {
        assertThat(Docker.containers(launcher.prefix("dev"))).isEmpty();
        assertThat(Docker.containers(launcher.prefix("prod"))).isEmpty();
        assertThat(Docker.networks(launcher.prefix("prod"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FROSTBYTE_ADMIN_API_KEY, dev-key-change-in-production, is the known development value",
        "JWT_SECRET, dev-secret-min-32-characters, is the known development value",
        "FROSTBYTE_ADMIN_API_KEY, 0123456789abcdef0123456789abcde, has 31 characters",
        "JWT_SECRET, secret, has 6 characters",
        "POSTGRES_PASSWORD, frostbyte, is the known development value",
        "MINIO_ROOT_PASSWORD, frostbyte, is the known development value",
        "FROSTBYTE_AUTH_BYPASS, true, lets everyone in without a key"
    })
    @Row("frostbyte.prod-refuses")
    @Row("settled.prod-secrets")
    @Row("settled.prod-passwords")
    void prodWhenASecretIsWeakOrTheLoginIsBypassedRefusesAndNamesIt(String name, String value, String why)
            throws Exception {
        sample().environment("FROSTBYTE_ADMIN_API_KEY", GOOD + "a")
                .environment("JWT_SECRET", GOOD + "b")
                .environment("POSTGRES_PASSWORD", "a password of ours")
                .environment("MINIO_ROOT_PASSWORD", "another password of ours")
                .environment(name, value);

        Run run = launcher.run("prod", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err()).contains(name, why);
        assertThat(run.err().lines().filter(line -> line.contains(" (the environment)") || line.contains("is not set")))
                .as("no other setting is complained of")
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    @Row("frostbyte.prod-refuses")
    @Row("settled.prod-secrets")
    void prodWhenSecretsAreAbsentNamesThemAllAtOnce() throws Exception {
        Run run = launcher.run("prod", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err())
                .contains(
                        "FROSTBYTE_ADMIN_API_KEY: is not set",
                        "JWT_SECRET: is not set",
                        "POSTGRES_PASSWORD: is not set",
                        "MINIO_ROOT_PASSWORD: is not set");
    }

    @Test
    @Row("settled.shared-data-refused")
    void prodWhenTheServerOfAllEnvironmentsIsElsewhereRefusesToShareItsData() throws Exception {
        launcher.dotEnv("POSTGRES_URL=postgresql+asyncpg://frostbyte:frostbyte@db.example.com/frostbyte");

        Run run = launcher.run("prod", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err())
                .contains("POSTGRES_URL", "would work on the data of dev", ".env.prod")
                .doesNotContain("frostbyte:frostbyte");
    }

    @Test
    @Row("settled.settings-order")
    @Row("common.dotenv")
    void settingWhenItStandsInSeveralPlacesIsTakenFromTheStrongest() throws Exception {
        launcher.dotEnv("JWT_SECRET=from-dotenv");
        assertThat(jwtSecret()).contains("JWT_SECRET=from-dotenv");

        Files.writeString(launcher.project().resolve(".env.dev"), "JWT_SECRET=from-dotenv-of-dev\n");
        assertThat(jwtSecret()).contains("JWT_SECRET=from-dotenv-of-dev");

        launcher.environment("JWT_SECRET", "from-environment");
        assertThat(jwtSecret()).contains("JWT_SECRET=from-environment");

        assertThat(jwtSecret("--set", "JWT_SECRET=from-command-line")).contains("JWT_SECRET=from-command-line");
    }

    private String jwtSecret(String... more) throws Exception {
        String[] arguments = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "env", "frostbyte", "pipeline-api", "--env", "dev", "--show-secrets"),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
        return launcher.run(arguments).out();
    }

    @Test
    @Row("trouble.malformed-dotenv")
    void dotEnvWhenMalformedIsReportedWithFileAndLine() throws Exception {
        Run run = launcher.dotEnv("# a comment", "REDIS_PORT=6379", "this is no setting", "ALSO BAD=1")
                .run("dev", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err()).contains(".env:3: ", ".env:4: ");
    }

    @Test
    @Row("trouble.malformed-dotenv")
    void settingWhenItIsNoPortIsReportedWithItsOrigin() throws Exception {
        Run run = launcher.dotEnv("", "REDIS_PORT=many").run("dev", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err()).contains("REDIS_PORT", ".env:2", "'many'");
    }

    @ParameterizedTest
    @CsvSource({
        "dev frostbite, frostbyte",
        "dev frostbyte postgress, postgres",
        "logs frostbyte pipline-api, pipeline-api",
        "dev frostbyte --auto-port, --auto-ports",
        "statsu frostbyte, status",
        "dev --stack frostbite, frostbyte",
        "status frostbyte --env prood, prod",
        "shell frostbyte bd, db"
    })
    @Row("trouble.did-you-mean")
    void wordWhenUnknownGetsASuggestionAndExitCodeTwo(String line, String suggestion) throws Exception {
        Run run = launcher.run(line.split(" "));

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(2);
        assertThat(run.err()).contains("Did you mean").contains("'" + suggestion + "'");
    }

    @Test
    @Row("common.missing-dockerfile")
    void startWhenThereIsNoDockerfileNamesThePathAndTheThreeWaysOut() throws Exception {
        Run run = launcher.run("start", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(5);
        assertThat(run.err())
                .contains("'" + launcher.project().toRealPath().resolve("pipeline/Dockerfile") + "'")
                .contains("--project", "PIPELINE_API_IMAGE", "--infra");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:///no/such/socket", "tcp://127.0.0.1:1"})
    @Row("trouble.no-engine")
    void devWhenNoEngineAnswersNamesItAndEndsWithThree(String host) throws Exception {
        Run run = launcher.environment("DOCKER_HOST", host).run("dev", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(3);
        assertThat(run.err()).contains(host.replaceFirst("^[a-z]+://", ""));
        assertThat(run.err()).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"npipe:////./pipe/docker", "ftp://example.com", "nonsense"})
    @Row("trouble.docker-host")
    void devWhenDockerHostIsOfAnUnsupportedKindRefusesItByName(String host) throws Exception {
        Run run = launcher.environment("DOCKER_HOST", host).run("dev", "frostbyte");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(3);
        assertThat(run.err()).contains("DOCKER_HOST", host);
    }

    @Test
    @Row("trouble.old-engine")
    void devWhenTheEngineIsTooOldSaysWhichItIsAndWhichIsNeeded() throws Exception {
        HttpServer old = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        old.createContext("/", exchange -> {
            boolean isPing = exchange.getRequestURI().getPath().endsWith("/_ping");
            byte[] body = (isPing
                            ? "OK"
                            : "{\"Version\": \"19.03.15\", \"ApiVersion\": \"1.40\", \"MinAPIVersion\": \"1.12\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Api-Version", "1.40");
            exchange.getResponseHeaders().set("Content-Type", isPing ? "text/plain" : "application/json");
            exchange.sendResponseHeaders(200, "HEAD".equals(exchange.getRequestMethod()) ? -1 : body.length);
            if (!"HEAD".equals(exchange.getRequestMethod())) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        old.start();
        try {
            Run run = launcher.environment(
                            "DOCKER_HOST", "tcp://127.0.0.1:" + old.getAddress().getPort())
                    .run("dev", "frostbyte");

            assertThat(run.exitCode()).as(run.toString()).isEqualTo(3);
            assertThat(run.err()).contains("20.10");
        } finally {
            old.stop(0);
        }
    }

    private Launcher sample() {
        return launcher.in(Launcher.samples().resolve("frostbyte"));
    }
}
