package dev.withstack.core.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is broken, by accident or on purpose, is one clear message: never a hang, never a stack trace. */
class BrokenFileTests {
    @TempDir
    Path directory;

    private List<String> problems(String text) throws IOException {
        return problems(Map.of(), text);
    }

    private List<String> problems(Map<String, String> given, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("compose.yaml"), text);
        Settings settings = Settings.of(Environment.DEV, given);
        InvalidDefinitionException thrown = catchThrowableOfType(
                InvalidDefinitionException.class,
                () -> Profiles.load(ComposeFile.of(List.of(file), settings), settings));
        return Objects.requireNonNull(thrown).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void readWhenATabIndentsPointsAtIt() throws IOException {
        assertThat(problems("services:\n\tdb:\n\t\timage: postgres\n"))
                .containsExactly("compose.yaml:2:1: a tab stands where YAML takes spaces only. Indent with spaces.");
    }

    @Test
    void readWhenItIsNoYamlSaysWhere() throws IOException {
        assertThat(problems("services:\n  db: {image: postgres\n"))
                .singleElement()
                .asString()
                .startsWith("compose.yaml:3:1: can't be read as YAML: ");
    }

    @Test
    void readWhenThereAreSeveralDocumentsSaysSo() throws IOException {
        assertThat(problems("services: {}\n---\nservices: {}\n"))
                .singleElement()
                .asString()
                .startsWith("compose.yaml:2:1: can't be read as YAML: ");
    }

    @Test
    void readWhenItIsNoMappingSaysWhatItIs() throws IOException {
        assertThat(problems("- a\n- b\n"))
                .singleElement()
                .asString()
                .startsWith("compose.yaml:1:1: is no Compose file, but a list. 'services:' belongs at its top");
        assertThat(problems(""))
                .singleElement()
                .asString()
                .startsWith("compose.yaml:1:1: is no Compose file, but empty.");
    }

    @Test
    void readWhenKeysRepeatSaysWhereTheFirstIs() throws IOException {
        assertThat(
                        problems(
                                """
                                services:
                                  db:
                                    image: postgres
                                    image: redis
                                """))
                .containsExactly(
                        "compose.yaml:4:5: 'image' stands there a second time; the first is on line 3. Keep one of them.");
    }

    @Test
    void readWhenAnAnchorHoldsItselfSaysSo() throws IOException {
        assertThat(
                        problems(
                                """
                                services: &all
                                  db: *all
                                """))
                .singleElement()
                .asString()
                .contains("an anchor holds itself. Leave the alias (*) within it out: it would never end.");
    }

    @Test
    void readWhenAFewLinesStandForMillionsStopsEarly() throws IOException {
        StringBuilder laughs = new StringBuilder("x-0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (int i = 1; i < 10; i++) {
            laughs.append("x-%d: &a%d [%s]\n"
                    .formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, "*a" + (i - 1)))));
        }
        assertThat(problems(laughs + "services: {}\n"))
                .singleElement()
                .asString()
                .contains("its anchors make more than 100000 items of it. No stack is that large");
    }

    @Test
    void readWhenPartsStandTooDeepSaysSo() throws IOException {
        assertThat(problems("x: " + "[".repeat(50_000) + "]".repeat(50_000)))
                .singleElement()
                .asString()
                .contains("its parts stand too deep within each other.");
    }

    @Test
    void readWhenValuesAreOfAnotherTypeSaysWhatIsMeant() throws IOException {
        assertThat(
                        problems(
                                """
                                services:
                                  db:
                                    image: [postgres]
                                    mem_limit: plenty
                                    read_only: perhaps
                                    stop_grace_period: soon
                                    ports: {8080: 80}
                                    healthcheck:
                                      test: pg_isready
                                      retries: often
                                    environment: secret
                                  cache: redis
                                """))
                .contains(
                        "compose.yaml:3:12: 'image' has to be a text, and is a list.",
                        "compose.yaml:4:16: 'mem_limit' has to be a size such as 512m, and is 'plenty'.",
                        "compose.yaml:5:16: 'read_only' has to be true or false, and is 'perhaps'.",
                        "compose.yaml:6:24: 'stop_grace_period' has to be a duration such as 1m30s, and is 'soon'.",
                        "compose.yaml:7:12: 'ports' has to be a list, and is a mapping.",
                        "compose.yaml:10:16: 'retries' has to be a whole number from 1 to 10000, and is 'often'.",
                        "compose.yaml:11:18: 'environment' has to be a mapping, and is 'secret'.",
                        "compose.yaml:12:10: 'cache' has to be a mapping, and is 'redis'.");
    }

    @Test
    void readWhenFilesIncludeEachOtherNamesTheWay() throws IOException {
        Files.writeString(directory.resolve("b.yaml"), "include: [compose.yaml]\n");

        assertThat(problems("include: [b.yaml]\n"))
                .containsExactly("compose.yaml:1:1: files include each other: compose.yaml → b.yaml → compose.yaml."
                        + " Take one of these 'include' away.");
    }

    @Test
    void readWhenServicesExtendEachOtherNamesTheWay() throws IOException {
        assertThat(
                        problems(
                                """
                                services:
                                  a: {extends: b}
                                  b: {extends: a}
                                """))
                .singleElement()
                .asString()
                .contains("services extend each other: compose.yaml a → compose.yaml b → compose.yaml a.");
    }

    @Test
    void readWhenAVariableIsDemandedAndMissingGivesItsMessage() throws IOException {
        assertThat(
                        problems(
                                """
                                services:
                                  db:
                                    image: "postgres:${TAG:?which one}"
                                    user: ${oops
                                """))
                .containsExactly(
                        "compose.yaml:3:12: TAG is not set: which one Set it in the environment, in .env, or with --set.",
                        "compose.yaml:4:11: a reference ${ is not closed. Write ${NAME}, or $$ for a dollar sign.");
    }

    @Test
    void readWhenReferencesHoldEachOtherTooDeepSaysSo() throws IOException {
        String deep = "${A:-".repeat(5_000) + "}".repeat(5_000);

        assertThat(problems("services:\n  db:\n    image: \"" + deep + "\"\n"))
                .contains("compose.yaml:3:12: references stand within each other more than 20 deep."
                        + " Give the innermost a variable of its own.");
    }

    @Test
    void readWhenAVariableOfDotEnvIncludesItselfSaysSo() throws IOException {
        Files.writeString(directory.resolve(".env"), "TAG=16\nTAG=$TAG-alpine\nOWN_WORD=${OWN_WORD}\n");
        Path file = Files.writeString(directory.resolve("compose.yaml"), "services: {}\n");

        InvalidDefinitionException thrown =
                catchThrowableOfType(InvalidDefinitionException.class, () -> ComposeFile.read(file));

        assertThat(Objects.requireNonNull(thrown).problems())
                .extracting(Problem::toString)
                .containsExactly(".env:3: 'OWN_WORD' includes itself, and nothing else sets it. Give it a value.");
    }

    @Test
    void readWhenNamesAreUnknownNamesThoseThereAre() throws IOException {
        assertThat(
                        problems(
                                """
                                services:
                                  web:
                                    image: nginx
                                    depends_on: [api]
                                    networks: [front]
                                    volumes: ["data:/data"]
                                    secrets: [key]
                                  api_1: {image: a}
                                  api-1: {image: b}
                                  nothing: {}
                                """))
                .contains(
                        "compose.yaml:4:18: 'web' needs 'api', which the file does not have. Name one of: web, api_1,"
                                + " api-1, nothing.",
                        "compose.yaml:5:16: the network 'front' is not declared. Declare it at the top, under 'networks'.",
                        "compose.yaml:6:15: the volume 'data' is not declared. Declare it at the top, under 'volumes'.",
                        "compose.yaml:7:15: 'key' is none of the secrets of the file. Declare it at the top, under"
                                + " 'secrets'.",
                        "compose.yaml:9:3: the service 'api-1' is called 'api-1' here, as another is. Rename one of them.",
                        "compose.yaml:10:3: the service 'nothing' has neither an image nor a build. Say 'image' or"
                                + " 'build'.");
    }

    @Test
    void readWhenAFileIsNotThereSaysWhich() {
        Path file = directory.resolve("compose.yaml");

        InvalidDefinitionException thrown =
                catchThrowableOfType(InvalidDefinitionException.class, () -> ComposeFile.read(file));

        assertThat(thrown).hasMessage("'compose.yaml' can't be run:\n  - compose.yaml:1:1: is not there.");
    }
}
