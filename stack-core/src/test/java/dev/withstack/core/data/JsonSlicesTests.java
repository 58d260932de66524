package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonSlicesTests {

    @Test
    void fieldWhenItIsDeepIsCutOutAsItWasWritten() throws IOException {
        String text =
                """
                {"status": "ok", "result": { "points" : [ {"id":1, "payload":{"a":"]}\\\\\\"{["}}, {"id":"x"} ],
                  "next_page_offset": 1.5e3 , "empty":{},"none" : null}, "time": 0.1}
                """;

        assertThat(JsonSlices.field(text, "result", "points"))
                .isEqualTo("[ {\"id\":1, \"payload\":{\"a\":\"]}\\\\\\\"{[\"}}, {\"id\":\"x\"} ]");
        assertThat(JsonSlices.field(text, "result", "next_page_offset")).isEqualTo("1.5e3");
        assertThat(JsonSlices.field(text, "result", "none")).isEqualTo("null");
        assertThat(JsonSlices.fields(JsonSlices.field(text, "result", "empty"))).isEmpty();
        assertThat(JsonSlices.fields(text)).containsOnlyKeys("status", "result", "time");
    }

    @Test
    void elementsWhenTheyAreNestedAreCountedOnTheOutside() throws IOException {
        assertThat(JsonSlices.elements("[]")).isZero();
        assertThat(JsonSlices.elements(" [ {\"a\":[1,2]}, [3,4], \"five,six\", 7 ] "))
                .isEqualTo(4);
    }

    @Test
    void fieldWhenItIsMissingOrTheTextIsNoObjectSaysSo() {
        assertThatThrownBy(() -> JsonSlices.field("{\"a\":{}}", "a", "b"))
                .hasMessage("there is no 'a.b' in the answer");
        for (String text : new String[] {"", "[]", "{\"a\":", "{\"a\":\"b", "{\"a\" 1}", "{\"a\":[}"}) {
            assertThatThrownBy(() -> JsonSlices.fields(text)).isInstanceOf(IOException.class);
        }
    }
}
