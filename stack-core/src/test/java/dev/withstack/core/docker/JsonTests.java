package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " { \"a\" : [ ] , \"b\":{}\r\n}\t",
                "[true,false,null]",
                "[\"\",\"plain\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u00fc\\ud83d\\ude00\",\"ü😀\"]",
                "[0,-1,123456789012345678]",
                "[0.5,-1.25e3,1E-2]",
                "{\"z\":1,\"a\":{\"b\":[{\"c\":\"d\"},[[]]]}}",
            })
    void readWhenWellFormedIsWhatALibraryReads(String text) throws Exception {
        Object read = JsonReader.read(text);

        assertThat(JsonWriter.write(read)).isEqualTo(JSON.std.asString(JSON.std.anyFrom(text)));
    }

    @Test
    void readWhenNumbersAreWholeAreLongsElseDoubles() throws Exception {
        assertThat(JsonReader.read("[25274793984,1,-7,1.5,1e2,9223372036854775807,9223372036854775808]"))
                .isEqualTo(List.of(25274793984L, 1L, -7L, 1.5, 100.0, Long.MAX_VALUE, 0x1p63));
    }

    @Test
    void readWhenObjectHasFieldsKeepsTheirOrder() throws Exception {
        assertThat(Json.object("{\"z\":1,\"m\":2,\"a\":3,\"z\":4}").fields().keySet())
                .containsExactly("z", "m", "a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|the JSON text ends in the middle",
                "{|the JSON text ends in the middle",
                "{\"a\"|the JSON text ends in the middle",
                "{\"a\":1|the JSON text ends in the middle",
                "\"abc|the JSON text ends in the middle",
                "\"\\u00|the JSON text ends in the middle",
                "{a:1}|not JSON: expected a name at character 1, found 'a:1}'",
                "{\"a\" 1}|not JSON: expected ':' at character 5, found '1}'",
                "{\"a\":1,}|not JSON: expected a name at character 7, found '}'",
                "[1 2]|not JSON: expected ']' at character 3, found '2]'",
                "[1,]|not JSON: expected a value at character 3, found ']'",
                "[trve]|not JSON: expected a value at character 1, found 'trve]'",
                "[-]|not JSON: expected a value at character 1, found '-]'",
                "[1-]|not JSON: expected a value at character 1, found '1-]'",
                "[+1]|not JSON: expected a value at character 1, found '+1]'",
                "{} {}|not JSON: expected the end at character 3, found '{}'",
                "\"\\x\"|not JSON: expected an escape at character 2, found 'x\"'",
                "\"\\u00gg\"|not JSON: expected a hexadecimal digit at character 5, found 'gg\"'",
                "<html>bad gateway|not JSON: expected a value at character 0, found '<html>bad '",
            })
    void readWhenMalformedSaysWhere(String text, String message) {
        assertThatThrownBy(() -> JsonReader.read(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @Test
    void readWhenTextHasARawLineEndIsRefused() {
        assertThatThrownBy(() -> JsonReader.read("\"a\nb\"")).isInstanceOf(ProtocolException.class);
    }

    @Test
    void readWhenNestedBeyondReasonIsRefused() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).isInstanceOf(ProtocolException.class);
    }

    /** The obligation: a machine may have any number of containers, each of which says of something that it has none. */
    @Test
    void readWhenManyAreEmptySideBySideReadsAll() throws Exception {
        String container = "{\"Ports\":[],\"Labels\":{}}";
        String many = String.join(",", Collections.nCopies(1000, container));

        assertThat(Json.objects(("[" + many + "]").getBytes(StandardCharsets.UTF_8)))
                .hasSize(1000);
    }

    @Test
    void objectWhenItIsAListIsRefused() {
        assertThatThrownBy(() -> Json.object("[]")).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> Json.objects(new byte[] {'{', '}'})).isInstanceOf(ProtocolException.class);
    }

    @Test
    void writeWhenReadByALibraryIsWhatWasWritten() throws Exception {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "\"quoted\" \\ / \b\f\n\r\t\u0001\u001f ü 😀 \u2028");
        value.put("numbers", List.of(1, -2L, 1.5, (short) 3));
        value.put("others", new ArrayList<>(Arrays.asList(true, false, null)));
        value.put("empty", Map.of("map", Map.of(), "list", List.of()));

        assertThat(JSON.std.mapFrom(Json.bytes(value)).toString()).isEqualTo(value.toString());
    }

    @Test
    void writeWhenValueHasNoJsonIsRefused() {
        assertThatThrownBy(() -> Json.text(Map.of("at", java.time.Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Can't be written as JSON: '1970-01-01T00:00:00Z' of java.time.Instant;"
                        + " use maps, lists, texts, numbers and booleans");
        assertThatThrownBy(() -> Json.text(Map.of("n", Double.NaN))).isInstanceOf(IllegalArgumentException.class);
    }
}
