package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderedTests {

    @Test
    void copyOfWhenAMapIsChangedLaterKeepsOrderAndContent() {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 20; i > 0; i--) {
            map.put("k" + i, i);
        }
        Map<String, Integer> copy = Ordered.copyOf(map);
        List<String> keys = new ArrayList<>(map.keySet());
        map.clear();

        assertThat(copy.keySet()).containsExactlyElementsOf(keys);
        assertThatThrownBy(() -> copy.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void copyOfWhenElementsRepeatKeepsTheFirst() {
        assertThat(Ordered.copyOf(List.of("z", "a", "z", "m"))).containsExactly("z", "a", "m");
        assertThatThrownBy(() -> Ordered.copyOf(List.of("a")).add("b"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void variableWhenAServiceHasHyphensUsesUnderscores() {
        assertThat(Names.variable("pipeline-api", "PORT")).isEqualTo("PIPELINE_API_PORT");
    }

    @Test
    void problemWhenThereIsNoFixEndsWithWhatIsWrong() {
        assertThat(new Problem("a", "is odd.", "")).hasToString("a: is odd.");
        assertThat(new Problem("a", "is odd.", "Even it.")).hasToString("a: is odd. Even it.");
    }
}
