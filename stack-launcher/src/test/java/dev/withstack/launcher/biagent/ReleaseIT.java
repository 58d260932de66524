package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a release of BI-Agent demands before anything starts. */
class ReleaseIT {
    private static final String GOOD = "0123456789abcdef0123456789abcdef";

    @RegisterExtension
    final Launcher launcher = Launcher.of("bi-agent");

    @AfterEach
    void nothingWasStarted() {
        assertThat(Docker.containers(launcher.prefix("prod"))).isEmpty();
        assertThat(Docker.containers(launcher.prefix("stage"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage", "prod"})
    @Row("settled.prod-secrets")
    @Row("settled.prod-passwords")
    void releaseWhenNoSecretIsGivenRefusesAndNamesEach(String environment) throws Exception {
        Run run = launcher.run(environment, "bi-agent");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err())
                .contains("DB_PASSWORD", "MINIO_ROOT_PASSWORD", "GRAFANA_ADMIN_PASSWORD", "JWT_SECRET")
                .contains("is not set, and " + environment + " needs it");
    }

    @ParameterizedTest
    @CsvSource({
        "JWT_SECRET, dev-secret-change-in-production-0123, is the known development value",
        "JWT_SECRET, short, has 5 characters",
        "MINIO_ROOT_PASSWORD, minioadmin, is the known development value",
        "GRAFANA_ADMIN_PASSWORD, admin, is the known development value",
        "RBAC_ENABLED, false, lets everyone do everything"
    })
    @Row("settled.prod-secrets")
    @Row("settled.prod-passwords")
    void prodWhenASettingIsForDevelopmentRefusesIt(String name, String value, String why) throws Exception {
        good().environment(name, value);

        Run run = launcher.run("prod", "bi-agent");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(4);
        assertThat(run.err()).contains(name, why);
    }

    @Test
    void planWhenTheSecretsAreGoodHasAllTwelve() throws Exception {
        Platform.elsewhere(launcher);
        Run plan = good().in(Launcher.samples().resolve("bi-agent")).run("plan", "prod", "bi-agent");

        assertThat(plan.exitCode()).as(plan.toString()).isZero();
        assertThat(plan.out()).contains(Platform.TWELVE);
    }

    private Launcher good() {
        return launcher.environment("DB_PASSWORD", "a-password-of-ours")
                .environment("MINIO_ROOT_PASSWORD", "another-password-of-ours")
                .environment("GRAFANA_ADMIN_PASSWORD", "a-third-password-of-ours")
                .environment("JWT_SECRET", GOOD);
    }
}
