package dev.withstack.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.InvalidDefinitionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotEnvTests {

    /** The examples of Compose's own documentation, and what its parser makes of the corners. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "V=VAL                          | VAL",
                "V=\"VAL\"                      | VAL",
                "V='VAL'                        | VAL",
                "V: VAL                         | VAL",
                "V = VAL                        | VAL",
                "export V=VAL                   | VAL",
                "`   V=VAL   `                  | VAL",
                "V=VAL # comment                | VAL",
                "V=VAL# not a comment           | VAL# not a comment",
                "V=\"VAL # not a comment\"      | VAL # not a comment",
                "V=\"VAL\" # comment            | VAL",
                "V='VAL' # comment              | VAL",
                "V='$OTHER'                     | $OTHER",
                "V='${OTHER}'                   | ${OTHER}",
                "V='Let\\'s go!'                | Let's go!",
                "V=\"{\\\"hello\\\": \\\"json\\\"}\" | {\"hello\": \"json\"}",
                "V='some\\tvalue'               | some\\tvalue",
                "V=a=b:c                        | a=b:c",
                "V=#000                         | ``",
                "V='C:\\dir'                    | C:\\dir",
                "V=C:\\new\\table               | C:\\new\\table",
                "V=\"C:\\\\new\\\\table\"       | C:\\new\\table",
                "V=it's                         | it's",
                "V=two words                    | two words",
                "V=                             | ``",
                "V=   # nothing                 | ``",
                "V=''                           | ``",
                "V=\"\"                         | ``",
            })
    void parseWhenTheLineIsSoundGivesTheValueThatComposeGives(String line, String value) {
        assertThat(value(line)).isEqualTo(value);
    }

    @Test
    void parseWhenEscapesStandInDoubleQuotesReadsEachOnce() {
        assertThat(value("V=\"a\\tb\\nc\\rd\"")).isEqualTo("a\tb\nc\rd");
        assertThat(value("V=\"\\\\n\"")).as("a backslash and an n").isEqualTo("\\n");
        assertThat(value("V=\"\\$OTHER\"")).isEqualTo("$OTHER");
        assertThat(value("V=\"\\\\$OTHER\"")).isEqualTo("\\other value");
        assertThat(value("V=\"\\d\"")).as("no escape").isEqualTo("\\d");
        assertThat(value("V=\"ends with \\\\\"")).isEqualTo("ends with \\");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "V=$OTHER                   | other value",
                "V=${OTHER}                 | other value",
                "V=\"<${OTHER}>\"           | <other value>",
                "V=$OTHER-x                 | other value-x",
                "V=${UNKNOWN}               | ``",
                "V=$UNKNOWN                 | ``",
                "V=${UNKNOWN:-default}      | default",
                "V=${UNKNOWN-default}       | default",
                "V=${EMPTY:-default}        | default",
                "V=${EMPTY-default}         | ``",
                "V=${OTHER:-default}        | other value",
                "V=${UNKNOWN:-${OTHER}}     | other value",
                "V=${UNKNOWN:-${U2:-deep}}  | deep",
                "V=${UNKNOWN:-}             | ``",
                "V=${OTHER:+set}            | set",
                "V=${EMPTY:+set}            | ``",
                "V=${EMPTY+set}             | set",
                "V=${UNKNOWN+set}           | ``",
                "V=${OTHER:?needed}         | other value",
                "V=${EMPTY?needed}          | ``",
                "V=$$OTHER                  | $OTHER",
                "V=pa$$word                 | pa$word",
                "V=cost 5$                  | cost 5$",
                "V=$5                       | $5",
                "V=100 % of $ 5             | 100 % of $ 5",
            })
    void parseWhenTheValueRefersToOthersPutsTheirValuesThere(String line, String value) {
        assertThat(value(line)).isEqualTo(value);
    }

    @Test
    void parseWhenAReferencesValueHasADollarSignDoesNotReadItAgain() {
        assertThat(parse("A='$OTHER'\nV=${A}").get("V").value()).isEqualTo("$OTHER");
    }

    @Test
    void parseWhenTheProcessSetsWhatAnEarlierLineSetsTakesTheProcess() {
        Map<String, Setting> settings = DotEnv.parse(
                ".env",
                "HOST=from-file\nURL=http://${HOST}\n",
                name -> name.equals("HOST") ? Optional.of("from-process") : Optional.empty(),
                name -> Optional.empty());

        assertThat(settings.get("URL").value()).isEqualTo("http://from-process");
    }

    @Test
    void parseWhenALineComesLaterTakesIt() {
        Map<String, Setting> settings = parse("V=1\n\n# two\nV=2\n");

        assertThat(settings.get("V").value()).isEqualTo("2");
        assertThat(settings.get("V").origin()).hasToString(".env:4");
    }

    @Test
    void parseWhenAValueInQuotesGoesOverLinesKeepsThem() {
        Map<String, Setting> settings =
                parse("KEY='-----BEGIN\n  abc=\n-----END'\nNEXT=\"one\ntwo $OTHER\" # comment\nLAST=1\n");

        assertThat(settings.get("KEY").value()).isEqualTo("-----BEGIN\n  abc=\n-----END");
        assertThat(settings.get("NEXT").value()).isEqualTo("one\ntwo other value");
        assertThat(settings.get("NEXT").origin()).hasToString(".env:4");
        assertThat(settings.get("LAST").origin()).hasToString(".env:6");
    }

    @Test
    void parseWhenTheFileComesFromWindowsReadsItAllTheSame() {
        Map<String, Setting> settings = parse("\uFEFFFIRST=1\r\nSECOND=\"2\"\r\nBOTH=$FIRST$SECOND\r\n");

        assertThat(settings.keySet()).containsExactly("FIRST", "SECOND", "BOTH");
        assertThat(settings.get("BOTH").value()).isEqualTo("12");
    }

    @Test
    void parseWhenLinesAreMalformedNamesEachByFileAndLine() {
        assertThatThrownBy(
                        () -> parse(
                                """
                        GOOD=1
                        this is prose
                        1ST=no
                        OPEN="never closed
                        =nothing
                        NAME
                        REST='a' b
                        NEEDED=${UNKNOWN:?ask Anna}
                        ALSO=${UNKNOWN?}
                        BRACE=${OTHER
                        ODD=${OTHER!x}
                        """))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        """
                        '.env' can't be read:
                          - .env:2: this line is not NAME=value. Write it so, or put # in front to make it a comment.
                          - .env:3: this line is not NAME=value. Write it so, or put # in front to make it a comment.
                          - .env:4: the quote " is not closed. Close it at the end of the value.
                          - .env:5: this line is not NAME=value. Write it so, or put # in front to make it a comment.
                          - .env:6: this line is not NAME=value. Write it so, or put # in front to make it a comment.
                          - .env:7: more follows the closing quote '. Only a comment may stand there.
                          - .env:8: UNKNOWN is not set: ask Anna Set it above this line.
                          - .env:9: UNKNOWN is not set. Set it above this line.
                          - .env:10: a reference ${ is not closed. Write ${NAME}, or $$ for a dollar sign.
                          - .env:11: a reference ${OTHER..} can't be understood. Write ${NAME}, ${NAME:-default},\
                         ${NAME:?message} or ${NAME:+other}, or $$ for a dollar sign.""");
    }

    @Test
    void parseWhenAnOpenQuoteIsClosedByAnotherLinesQuoteSaysWhere() {
        assertThatThrownBy(() -> parse("A=\"open\nB=\"closed\"\n"))
                .hasMessage("'.env' can't be read:\n  - .env:1: more follows the closing quote \" on line 2. Only a"
                        + " comment may stand there.");
    }

    @Test
    void parseWhenALineIsMalformedRepeatsNoValue() {
        assertThatThrownBy(() -> parse("PASSWORD='hunter2'hunter3\nOTHER_ONE=\"hunter4\nhunter5 ${hunter6:-\n"))
                .satisfies(thrown -> assertThat(thrown.toString()).doesNotContain("hunter"));
    }

    @Test
    void readWhenThereIsNoFileHasNoSettings(@TempDir Path directory) throws Exception {
        assertThat(read(directory.resolve(".env"))).isEmpty();
        Files.createDirectory(directory.resolve(".env"));
        assertThat(read(directory.resolve(".env")))
                .as("a virtual environment of that name")
                .isEmpty();
    }

    @Test
    void readWhenTheFileIsInAnotherEncodingSaysSo(@TempDir Path directory) throws Exception {
        Path file = directory.resolve(".env.prod");
        Files.write(file, "NAME=Müller\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("'.env.prod' can't be read:\n  - .env.prod: is not UTF-8. Save it as UTF-8.");
    }

    @Test
    void settingWhenPrintedDoesNotShowItsValue() {
        assertThat(parse("PASSWORD=hunter2").get("PASSWORD")).hasToString("PASSWORD from .env:1");
    }

    private static Map<String, Setting> read(Path file) {
        return DotEnv.read(file, name -> Optional.empty(), name -> Optional.empty());
    }

    private static Map<String, Setting> parse(String content) {
        Map<String, String> outer = new LinkedHashMap<>();
        outer.put("OTHER", "other value");
        outer.put("EMPTY", "");
        return DotEnv.parse(".env", content, name -> Optional.empty(), name -> Optional.ofNullable(outer.get(name)));
    }

    private static String value(String line) {
        return parse(line).get("V").value();
    }
}
