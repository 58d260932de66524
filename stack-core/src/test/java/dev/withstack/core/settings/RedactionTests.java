package dev.withstack.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RedactionTests {

    @Test
    void applyWhenASecretTurnsUpMasksItEverywhere() {
        assertThat(mask("s3cret-word", "a s3cret-word, twice: s3cret-words3cret-word"))
                .isEqualTo("a ***, twice: ******");
    }

    @Test
    void applyWhenNothingTurnsUpLeavesTheTextAsItIs() {
        assertThat(mask("s3cret-word", "nothing here")).isEqualTo("nothing here");
        assertThat(Redaction.NONE.apply("anything")).isEqualTo("anything");
    }

    @Test
    void applyWhenSecretsOverlapLeavesNoPieceOfEither() {
        Redaction redaction = Redaction.of(List.of("abcdefgh", "efghijkl"));

        assertThat(redaction.apply("<abcdefghijkl>")).isEqualTo("<***>");
        assertThat(redaction.apply("<abcdefgh efghijkl>")).isEqualTo("<*** ***>");
    }

    @Test
    void applyWhenASecretOverlapsItselfLeavesNoPieceOfIt() {
        assertThat(mask("ababab", "<abababab>")).isEqualTo("<***>");
    }

    @Test
    void applyWhenASecretContainsAnotherMasksItWhole() {
        Redaction redaction = Redaction.of(List.of("hunter", "hunter-and-more"));

        assertThat(redaction.apply("hunter-and-more and hunter")).isEqualTo("*** and ***");
    }

    @Test
    void applyWhenASecretStandsInAUrlMasksItHoweverItIsWritten() {
        assertThat(mask("p@ss/wo rd", "http://u:p%40ss%2Fwo+rd@h")).isEqualTo("http://u:***@h");
        assertThat(mask("p@ss/wo rd", "http://u:p%40ss%2Fwo%20rd@h")).isEqualTo("http://u:***@h");
        assertThat(mask("p@ss/wo rd", "http://u:p%40ss%2fwo%20rd@h")).isEqualTo("http://u:***@h");
    }

    @Test
    void applyWhenASecretStandsInJsonMasksIt() {
        assertThat(mask("pa\"ss\\word", "{\"key\": \"pa\\\"ss\\\\word\"}")).isEqualTo("{\"key\": \"***\"}");
    }

    @Test
    void applyWhenASecretStandsBetweenSingleQuotesMasksIt() {
        assertThat(mask("it's secret", "PASSWORD 'it''s secret'")).isEqualTo("PASSWORD '***'");
        assertThat(mask("it's secret", "export KEY='it'\\''s secret'")).isEqualTo("export KEY='***'");
    }

    @Test
    void applyWhenASecretHasSeveralLinesMasksEachOfThem() {
        String key = "-----BEGIN KEY-----\n  MIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n";

        assertThat(mask(key, "line 2: MIIEvQIBADANBg")).isEqualTo("line 2: ***");
        assertThat(mask(key, "[" + key + "]")).isEqualTo("[***]");
        assertThat(mask(key, key.replace("\n", "\\n"))).isEqualTo("***");
    }

    @Test
    void applyWhenAValueIsShortLeavesOrdinaryWordsAlone() {
        assertThat(mask("dev", "the development of dev")).isEqualTo("the development of dev");
        assertThat(mask("12345", "12345")).isEqualTo("12345");
        assertThat(mask("123456", "123456")).isEqualTo("***");
        assertThat(mask("a\nb\nlong enough", "a b long enough")).isEqualTo("a b ***");
        assertThat(mask("", "nothing")).isEqualTo("nothing");
    }

    private static String mask(String secret, String text) {
        return Redaction.of(List.of(secret)).apply(text);
    }
}
