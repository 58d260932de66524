package dev.withstack.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTests {
    @TempDir
    Path project;

    @Test
    void readWhenAllOriginsGiveAValueTakesTheStrongest() throws Exception {
        Files.writeString(project.resolve(".env"), "A=env\nB=env\nC=env\nD=env\n");
        Files.writeString(project.resolve(".env.dev"), "\nB=env.dev\nC=env.dev\nD=env.dev\n");
        Settings settings =
                Settings.read(Environment.DEV, project, Map.of("C", "process", "D", "process"), Map.of("D", "set"));

        assertThat(List.of("A", "B", "C", "D", "E"))
                .extracting(name -> settings.text(name, "default"))
                .containsExactly("env", "env.dev", "process", "set", "default");
        assertThat(settings.used())
                .extracting(Setting::toString)
                .containsExactly(
                        "A from .env:1", "B from .env.dev:2", "C from environment", "D from --set", "E from default");
    }

    @Test
    void readWhenAFileIsForAnotherEnvironmentLeavesItOut() throws Exception {
        Files.writeString(project.resolve(".env.prod"), "A=prod\nthis is malformed\n");

        assertThat(Settings.read(Environment.DEV, project, Map.of(), Map.of()).text("A", "default"))
                .isEqualTo("default");
    }

    @Test
    void readWhenAReferenceCouldMeanSeveralTakesTheOneThatTheStackGets() throws Exception {
        Files.writeString(project.resolve(".env"), "PORT=1\nHOST=h\nURL=http://$HOST:$PORT\n");
        Files.writeString(project.resolve(".env.dev"), "LATER=$HOST/$NAME\n");
        Settings settings =
                Settings.read(Environment.DEV, project, Map.of("PORT", "2", "NAME", "process"), Map.of("NAME", "set"));

        assertThat(settings.text("URL", "")).isEqualTo("http://h:2");
        assertThat(settings.text("LATER", "")).isEqualTo("h/set");
    }

    @Test
    void readWhenAFileIsMalformedNamesIt() throws Exception {
        Files.writeString(project.resolve(".env.dev"), "\nno setting\n");

        assertThatThrownBy(() -> Settings.read(Environment.DEV, project, Map.of(), Map.of()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining(".env.dev:2: this line is not NAME=value.");
    }

    @Test
    void textWhenAStrongerValueIsEmptyGivesTheDefault() throws Exception {
        Files.writeString(project.resolve(".env"), "A=env\n");
        Settings settings = Settings.read(Environment.DEV, project, Map.of("A", ""), Map.of());

        assertThat(settings.text("A", "default")).isEqualTo("default");
        assertThat(settings.given("A")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "ten", "1.5", "99999999999", "-1", "5x"})
    void numberWhenItIsNoneWithinTheBoundsIsAProblem(String text) {
        Settings settings = Settings.of(Environment.DEV, Map.of("N", text));

        assertThat(settings.number("N", 7, 1, 10)).isEqualTo(7);
        assertThat(settings.problems())
                .containsExactly(new Problem("N (--set)", "'" + text + "' is not a whole number from 1 to 10.", ""));
    }

    @Test
    void numberWhenItIsSoundIsThat() {
        Settings settings = Settings.of(Environment.DEV, Map.of("N", " 10 "));

        assertThat(settings.number("N", 7, 1, 10)).isEqualTo(10);
        assertThat(settings.number("M", 7, 1, 10)).isEqualTo(7);
        assertThat(settings.problems()).isEmpty();
    }

    @Test
    void flagWhenItIsNeitherIsAProblemThatQuotesWhatWasWritten() {
        Settings settings = Settings.of(Environment.DEV, Map.of("F", "Yes", "T", "TRUE", "U", "false"));

        assertThat(settings.flag("T", "false")).isTrue();
        assertThat(settings.flag("U", "true")).isFalse();
        assertThat(settings.flag("V", "true")).isTrue();
        assertThat(settings.flag("F", "true")).isFalse();
        assertThat(settings.problems())
                .containsExactly(new Problem("F (--set)", "'Yes' is neither true nor false.", ""));
    }

    @Test
    void askedWhenSettingsWereAskedForTellsWhatTheyAreAndWhatHoldsWithoutThem() {
        Settings settings = Settings.of(Environment.DEV, Map.of("PORT", "1"));
        settings.number("PORT", 80, 1, 65535);
        settings.secret("KEY", "dev-key", "example-key");
        settings.password("PASSWORD", "postgres");
        settings.issuedKey("API_KEY", "");
        settings.developmentSwitch("DEBUG", "shows the inside");
        settings.url("URL");
        settings.given("IMAGE");

        assertThat(settings.asked())
                .extracting(asked -> asked.name() + " " + asked.kind() + " " + asked.usual())
                .containsExactly(
                        "PORT PLAIN 80",
                        "KEY SECRET dev-key",
                        "PASSWORD PASSWORD postgres",
                        "API_KEY ISSUED ",
                        "DEBUG DEVELOPMENT_SWITCH true",
                        "URL URL ",
                        "IMAGE PLAIN ");
        assertThat(settings.isWellKnown("example-key")).isTrue();
        assertThat(settings.isWellKnown("another-key")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"DEV, true", "TEST, true", "STAGE, false", "PROD, false"})
    void developmentSwitchWhenNotSetIsOnForDevelopmentOnly(Environment environment, boolean isOn) {
        assertThat(Settings.none(environment).developmentSwitch("DEBUG", "shows the inside"))
                .isEqualTo(isOn);
    }

    @Test
    void ownOfEnvironmentWhenItIsAnothersTooIsAProblem() throws Exception {
        Files.writeString(project.resolve(".env"), "BUCKET=all\nDB=stage_shop\n");
        Files.writeString(project.resolve(".env.stage"), "QUEUE=mine\nBUCKET=stage\nDB=stage_shop_2\n");
        Files.writeString(project.resolve(".env.prod"), "QUEUE=mine\nBUCKET=prod\n");
        Settings settings = Settings.read(Environment.STAGE, project, Map.of(), Map.of());

        settings.ownOfEnvironment("BUCKET", Environment::id);
        settings.ownOfEnvironment("COLLECTION", Environment::id);
        settings.ownOfEnvironment("QUEUE", Environment::id);
        settings.ownOfEnvironment("DB", Environment::id);

        assertThat(settings.problems())
                .extracting(Problem::toString)
                .containsExactly("QUEUE (.env.stage:1): is 'mine' in prod too, so stage would work on the data of prod."
                        + " Give stage one of its own, in .env.stage.");
    }

    @Test
    void ownOfEnvironmentWhenItIsWhatAnotherUsuallyHasIsAProblem() {
        Settings settings = Settings.of(Environment.DEV, Map.of("DB", "prod"));

        settings.ownOfEnvironment("DB", Environment::id);

        assertThat(settings.problems())
                .extracting(Problem::toString)
                .containsExactly("DB (--set): is 'prod' in prod too, so dev would work on the data of prod. Give dev"
                        + " one of its own, in .env.dev.");
    }

    @ParameterizedTest
    @EnumSource(names = {"DEV", "TEST"})
    void secretWhenNothingIsReleasedTakesTheDevelopmentValue(Environment environment) {
        Settings settings = Settings.none(environment);

        assertThat(settings.secret("KEY", "dev-secret")).isEqualTo(Value.secret("dev-secret"));
        assertThat(settings.problems()).isEmpty();
        assertThat(settings.isSecret("KEY")).isTrue();
        assertThat(settings.isSecret("OTHER")).isFalse();
    }

    @Test
    void redactionWhenSecretsWereAskedForMasksThemButNotTheKnownDevelopmentValues() {
        Settings settings = Settings.of(Environment.DEV, Map.of("KEY", "my-own-secret"));
        settings.secret("KEY", "dev-secret");
        settings.password("PASSWORD", "frostbyte");

        assertThat(settings.redaction().apply("frostbyte dev-secret my-own-secret"))
                .isEqualTo("frostbyte dev-secret ***");
    }

    @Test
    void redactionWhenAUrlHasAPasswordMasksIt() {
        Settings settings = Settings.of(
                Environment.DEV,
                Map.of(
                        "DB_URL", "postgresql://anna:p%40ssword@db.example.com/shop",
                        "BROKEN_URL", "postgresql://anna:pass#word@db.example.com/shop",
                        "DEV_URL", "postgresql://frostbyte:frostbyte@db/frostbyte",
                        "PLAIN_URL", "http://minio:9000"));
        settings.password("PASSWORD", "frostbyte");

        assertThat(settings.url("DB_URL")).contains("postgresql://anna:p%40ssword@db.example.com/shop");
        settings.url("BROKEN_URL");
        settings.url("DEV_URL");
        settings.url("PLAIN_URL");

        assertThat(settings.isSecret("DB_URL")).isTrue();
        assertThat(settings.redaction()
                        .apply("anna p%40ssword p@ssword pass#word frostbyte http://minio:9000 db.example.com"))
                .isEqualTo("anna *** *** *** frostbyte http://minio:9000 db.example.com");
    }

    @Test
    void urlWhenNoneIsGivenIsNone() {
        Settings settings = Settings.of(Environment.DEV, Map.of("EMPTY", ""));

        assertThat(settings.url("EMPTY")).isEmpty();
        assertThat(settings.url("MISSING")).isEmpty();
    }

    @Test
    void rejectWhenTheSettingIsGivenSaysWhere() throws Exception {
        Files.writeString(project.resolve(".env"), "A=1\n");
        Settings settings = Settings.read(Environment.DEV, project, Map.of(), Map.of());

        settings.reject("A", "is odd.", "Make it even.");
        settings.reject("B", "is odd too.", "");

        assertThat(settings.problems())
                .extracting(Problem::toString)
                .containsExactly("A (.env:1): is odd. Make it even.", "B: is odd too.");
    }

    @Test
    void secretWhenPrintedInAnyWayDoesNotShowItself() {
        Settings settings = Settings.of(Environment.PROD, Map.of("KEY", "hunter2"));
        Value secret = settings.secret("KEY", "dev");

        assertThat(List.of(secret, Value.join("a", secret), settings.problems(), settings.used())
                        .toString())
                .doesNotContain("hunter2");
    }
}
