package dev.withstack.core.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfilesTests {

    @Test
    void allWhenListedStandsByName() {
        Profiles profiles = new Profiles(List.of(new Shop("zoo"), new Shop("shop"), new Shop("mall")));

        assertThat(profiles.names()).containsExactly("mall", "shop", "zoo");
        assertThat(profiles.all()).extracting(StackProfile::name).containsExactly("mall", "shop", "zoo");
        assertThat(profiles.named("zoo")).map(StackProfile::name).contains("zoo");
        assertThat(profiles.named("Zoo")).isEmpty();
    }

    @Test
    void loadWhenSettingsAndDefinitionAreBothWrongSaysItAllAtOnce() {
        Settings settings = Settings.of(Environment.PROD, Map.of("API_PORT", "5432", "DB_MEMORY", "lots"));

        assertThatThrownBy(() -> Profiles.load(new Shop("shop"), settings))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        """
                        The settings of shop are not fit for prod:
                          - KEY: is not set, and prod needs it. Generate one, for example with: openssl rand -hex 32
                          - DB_MEMORY (--set): 'lots' is not a size such as 512m or 2g.
                          - api: host port 5432 is asked for twice: by db's sql and by api's http. Give one of them\
                         another port, for example with API_PORT.""");
    }

    @Test
    void loadWhenOnlyTheSettingsAreWrongSaysWhich() {
        assertThatThrownBy(() -> Profiles.load(new Shop("shop"), Settings.none(Environment.STAGE)))
                .hasMessageStartingWith("The settings of shop are not fit for stage:\n  - KEY: is not set");
    }

    @Test
    void loadWhenItIsATestTakesAnyPortAndKeepsNothing() {
        StackDefinition definition = Profiles.load(new Shop("shop"), Settings.none(Environment.TEST));

        Service db = definition.service("db");
        assertThat(db.endpoint("sql").publication()).isEqualTo(new Endpoint.AnyFree("127.0.0.1"));
        assertThat(db.endpoint("hidden").publication())
                .as("a test reaches every endpoint, wherever the engine is")
                .isEqualTo(new Endpoint.AnyFree("127.0.0.1"));
        assertThat(db.volumes()).isEmpty();
        assertThat(db.restartPolicy()).isEqualTo(RestartPolicy.NEVER);
    }

    @Test
    void forTestWhenADirectoryOfTheProjectIsWrittenToLeavesItOut() {
        Service api = Service.image("api", "api:1")
                .bind("api/logs", "/logs")
                .bindReadOnly("api/pages", "/pages")
                .file("/etc/api", Value.text("1"));

        assertThat(Profiles.forTest(StackDefinition.of("shop", Environment.TEST)
                                .add(api)
                                .build())
                        .service("api")
                        .files())
                .extracting(FileMount::path)
                .containsExactly("/pages", "/etc/api");
    }

    @Test
    void loadWhenItIsForALaptopLeavesTheDefinitionAsItIs() {
        Service db =
                Profiles.load(new Shop("shop"), Settings.none(Environment.DEV)).service("db");

        assertThat(db.endpoint("sql").publication()).isEqualTo(new Endpoint.Fixed("127.0.0.1", 5432));
        assertThat(db.volumes()).hasSize(1);
        assertThat(db.restartPolicy()).isEqualTo(RestartPolicy.UNLESS_STOPPED);
    }

    private record Shop(String name) implements StackProfile {
        @Override
        public String description() {
            return "a shop";
        }

        @Override
        public StackDefinition define(Environment environment, Settings settings) {
            return StackDefinition.of(name, environment)
                    .add(Service.image("db", "db:1")
                            .port("sql", 5432)
                            .hostPort(5432)
                            .port("hidden", 5433)
                            .volume("data", "/data")
                            .env("KEY", settings.password("KEY", "dev")))
                    .add(Service.image("api", "api:1").port("http", 80))
                    .build();
        }
    }
}
