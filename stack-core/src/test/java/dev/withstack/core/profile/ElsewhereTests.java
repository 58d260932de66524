package dev.withstack.core.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElsewhereTests {
    private static final Service DB = Service.image("postgres", "postgres:16").port("sql", 5432);

    @TempDir
    Path project;

    @Test
    void applyWhenNothingIsSetKeepsTheService() {
        assertThat(apply(Map.of()).source()).isEqualTo(DB.source());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:p@db.example.com:6543/shop,      db.example.com:6543",
        "postgresql+asyncpg://u:p@db.example.com/shop,   db.example.com:5432",
        "postgresql://10.0.0.7/shop,                     10.0.0.7:5432",
        "postgresql://[fd00::7]:6543/shop,               [[fd00::7]]:6543",
        "' postgresql://db.example.com/shop ',           db.example.com:5432",
    })
    void applyWhenTheUrlNamesAnotherHostUsesTheServiceFromThere(String url, String address) {
        assertThat(apply(Map.of("DB_URL", url)).source())
                .isInstanceOfSatisfying(Source.External.class, external -> assertThat(external.address(0))
                        .hasToString(address));
    }

    @Test
    void applyWhenTheUrlNamesTheServiceItselfKeepsIt() {
        assertThat(apply(Map.of("DB_URL", "postgresql://u:p@postgres:5432/other"))
                        .source())
                .isEqualTo(DB.source());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:hunter2@",
                "postgresql://u:hunter2#x@db.example.com/shop",
                "postgresql://u:hunter2 x@db.example.com/shop",
                "u:hunter2@db.example.com",
                "postgresql:hunter2",
                "postgresql://u:hunter2@db_one/shop%zz",
                "hunter2",
                "minio:9000",
            })
    void applyWhenTheUrlIsNoneSaysSoAndDoesNotRepeatIt(String url) {
        Settings settings = Settings.of(Environment.DEV, Map.of("DB_URL", url));

        assertThat(new Elsewhere(settings).apply("DB_URL", DB).source()).isEqualTo(DB.source());

        assertThat(settings.problems())
                .singleElement()
                .hasToString("DB_URL (--set): is not a URL with a host. Write it as"
                        + " scheme://user:password@host:port/path.");
    }

    @Test
    void applyWhenThePortIsImpossibleSaysWhichAndNothingElse() {
        Settings settings =
                Settings.of(Environment.DEV, Map.of("DB_URL", "postgresql://u:hunter2@db.example.com:70000/"));

        new Elsewhere(settings).apply("DB_URL", DB);

        assertThat(settings.problems())
                .singleElement()
                .hasToString("DB_URL (--set): has the port 70000, which is not between 1 and 65535.");
    }

    @Test
    void urlWhenItIsSetIsGivenOnAsItStandsAndNeverShown() {
        Settings settings =
                Settings.of(Environment.DEV, Map.of("DB_URL", "postgresql://u:hunter2@db.example.com/shop"));
        Value url = new Elsewhere(settings).url("DB_URL", DB.url("postgresql", "sql"));

        assertThat(url).isEqualTo(Value.secret("postgresql://u:hunter2@db.example.com/shop"));
        assertThat(settings.redaction().apply("hunter2")).isEqualTo("***");
        assertThat(settings.isSecret("DB_URL")).isTrue();
    }

    @Test
    void urlWhenItIsNotSetIsTheServicesOwn() {
        Value own = DB.url("postgresql", "sql");

        assertThat(new Elsewhere(Settings.none(Environment.DEV)).url("DB_URL", own))
                .isEqualTo(own);
    }

    @Test
    void applyWhenTwoEnvironmentsWouldWorkOnOneDatabaseIsAProblem() throws Exception {
        Files.writeString(project.resolve(".env.dev"), "DB_URL=postgresql://dev:one@db.example.com:5432/shop\n");
        Files.writeString(project.resolve(".env.prod"), "DB_URL=postgresql://prod:two@db.example.com:5432/shop\n");
        Settings dev = Settings.read(Environment.DEV, project, Map.of(), Map.of());
        Settings stage = Settings.read(Environment.STAGE, project, Map.of(), Map.of());

        new Elsewhere(dev).apply("DB_URL", DB);
        new Elsewhere(stage).apply("DB_URL", DB);

        assertThat(dev.problems())
                .singleElement()
                .hasToString(
                        "DB_URL (.env.dev:1): leads to the same place as in .env.prod:1, so dev would work on the data"
                                + " of prod. Set it in .env.dev.");
        assertThat(stage.problems()).isEmpty();
    }

    @Test
    void applyWhenAllEnvironmentsAreGivenOneDatabaseIsAProblemOfTheRelease() throws Exception {
        Files.writeString(project.resolve(".env"), "DB_URL=postgresql://u:p@db.example.com/shop\n");
        Settings dev = Settings.read(Environment.DEV, project, Map.of(), Map.of());
        Settings prod = Settings.read(Environment.PROD, project, Map.of(), Map.of());

        new Elsewhere(dev).apply("DB_URL", DB);
        new Elsewhere(prod).apply("DB_URL", DB);

        assertThat(dev.problems()).isEmpty();
        assertThat(prod.problems())
                .singleElement()
                .hasToString("DB_URL (.env:1): stands in the file that all environments read, so prod would work on the"
                        + " data of dev. Set it in .env.prod.");
    }

    private static Service apply(Map<String, String> values) {
        Settings settings = Settings.of(Environment.DEV, values);
        Service applied = new Elsewhere(settings).apply("DB_URL", DB);
        assertThat(settings.problems()).isEmpty();
        return applied;
    }
}
