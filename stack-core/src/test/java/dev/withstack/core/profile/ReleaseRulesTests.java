package dev.withstack.core.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReleaseRulesTests {
    private static final String LONG = "0123456789abcdef0123456789abcdef";
    private static final String FIX = " Generate one, for example with: openssl rand -hex 32";

    @ParameterizedTest
    @EnumSource(names = {"STAGE", "PROD"})
    void checkWhenASecretBreaksARuleSaysWhich(Environment environment) {
        String id = environment.id();
        Settings settings = Settings.of(
                environment,
                Map.of(
                        "KNOWN", "dev-secret",
                        "EXAMPLE", "your-secret-key-minimum-32-characters",
                        "ANOTHERS", "postgres",
                        "SHORT", LONG.substring(1),
                        "BLANK", " ",
                        "GOOD", LONG));
        for (String name : List.of("MISSING", "KNOWN", "ANOTHERS", "SHORT", "BLANK", "GOOD")) {
            settings.secret(name, "dev-secret");
        }
        settings.secret("EXAMPLE", "dev-secret", "your-secret-key-minimum-32-characters");
        settings.password("PASSWORD", "postgres");

        assertThat(problems(settings))
                .containsExactly(
                        "MISSING: is not set, and " + id + " needs it." + FIX,
                        "KNOWN (--set): is the known development value, which " + id + " refuses." + FIX,
                        "ANOTHERS (--set): is the known development value, which " + id + " refuses." + FIX,
                        "SHORT (--set): has 31 characters, and " + id + " needs at least 32." + FIX,
                        "BLANK (--set): is not set, and " + id + " needs it." + FIX,
                        "EXAMPLE (--set): is the known development value, which " + id + " refuses." + FIX,
                        "PASSWORD: is not set, and " + id + " needs it." + FIX);
    }

    @Test
    void checkWhenAPasswordIsShortFindsItGoodEnough() {
        Settings settings = Settings.of(Environment.PROD, Map.of("PASSWORD", "x"));
        settings.password("PASSWORD", "postgres");

        assertThat(problems(settings)).isEmpty();
    }

    @Test
    void checkWhenAnIssuedKeyIsMissingAsksForIt() {
        Settings settings = Settings.of(Environment.PROD, Map.of("OTHER_KEY", "sk-1"));
        settings.issuedKey("PAID_KEY", "");
        settings.issuedKey("OTHER_KEY", "");

        assertThat(problems(settings))
                .containsExactly("PAID_KEY: is not set, and prod needs it. Set it to the key that you were given.");
    }

    @Test
    void checkWhenADevelopmentSwitchIsOnSaysWhyItMustNot() {
        Settings settings = Settings.of(Environment.STAGE, Map.of("DEBUG", "TRUE", "BYPASS", "false"));
        settings.developmentSwitch("DEBUG", "shows the inside of the application to everyone");
        settings.developmentSwitch("BYPASS", "lets everyone in");
        settings.developmentSwitch("UNSET", "lets everyone in");

        assertThat(problems(settings))
                .containsExactly("DEBUG (--set): is true, which shows the inside of the application to everyone. Set it"
                        + " to false in stage.");
    }

    @Test
    void unpublishedWhenItIsADatabaseHidesItsPorts() {
        assertThat(publicationOf(Postgres.service("db").hostPort(5432).service()))
                .isEqualTo(new Endpoint.Hidden());
        assertThat(publicationOf(Redis.service("redis").hostPort(6379).service()))
                .isEqualTo(new Endpoint.Hidden());
        assertThat(publicationOf(Service.image("api", "api:1").port("http", 80).hostPort(80)))
                .isEqualTo(new Endpoint.Fixed("127.0.0.1", 80));
    }

    private static Endpoint.Publication publicationOf(Service service) {
        return new ReleaseRules(Settings.none(Environment.PROD))
                .unpublished(
                        service,
                        StackDefinition.of("trial", Environment.PROD)
                                .add(service)
                                .build())
                .endpoint("")
                .publication();
    }

    private static List<String> problems(Settings settings) {
        new ReleaseRules(settings).check();
        return settings.problems().stream().map(Problem::toString).toList();
    }
}
