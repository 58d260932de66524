package dev.withstack.core.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTests {

    @Test
    void orderWhenNothingDependsIsAsDeclared() {
        assertThat(graph("z", "a", "m").order()).containsExactly("z", "a", "m");
    }

    @Test
    void orderWhenDependantsAreDeclaredFirstPutsThemLast() {
        assertThat(graph("web: api", "api: db cache", "db", "cache").order())
                .containsExactly("db", "cache", "api", "web");
    }

    @Test
    void layersWhenTakenStandAsEarlyAsTheyCanAndAsDeclared() {
        Graph<String> graph = graph("z", "web: api", "lone", "api: z a", "a", "late: web lone");

        assertThat(graph.layers())
                .containsExactly(List.of("z", "lone", "a"), List.of("api"), List.of("web"), List.of("late"));
    }

    @Test
    void closureWhenTakenHasAllThatIsNeededAsDeclared() {
        Graph<String> graph = graph("db", "cache", "api: db cache", "web: api", "lone");

        assertThat(graph.closure(List.of("web"))).containsExactly("db", "cache", "api", "web");
        assertThat(graph.closure(List.of("lone", "cache"))).containsExactly("cache", "lone");
        assertThat(graph.closure(List.of())).isEmpty();
    }

    @Test
    void dependentClosureWhenTakenHasAllThatNeedsItAsDeclared() {
        Graph<String> graph = graph("web: api", "db", "cache", "api: db cache", "lone");

        assertThat(graph.dependentClosure(List.of("cache"))).containsExactly("web", "cache", "api");
        assertThat(graph.dependentsOf("db")).containsExactly("api");
        assertThat(graph.dependenciesOf("api")).containsExactly("db", "cache");
    }

    @Test
    void ofWhenThereIsACycleShowsItTrimmedAndClosed() {
        CycleException thrown = catchThrowableOfType(
                CycleException.class, () -> graph("way-in: a", "a: b", "b: c way-out", "c: a", "way-out"));

        assertThat(thrown).hasMessage("Cycle: a → b → c → a");
        assertThat(thrown.path()).isEqualTo(List.of("a", "b", "c", "a"));
    }

    @Test
    void ofWhenANodeDependsOnItselfShowsThat() {
        assertThatThrownBy(() -> graph("a: a")).hasMessage("Cycle: a → a");
    }

    @Test
    void ofWhenThereAreSeveralCyclesShowsTheFirstDeclared() {
        assertThatThrownBy(() -> graph("x", "c: d", "d: c", "a: b", "b: a")).hasMessage("Cycle: c → d → c");
    }

    @Test
    void ofWhenTwoWaysLeadToOneNodeSeesNoCycle() {
        assertThat(graph("top: left right", "left: bottom", "right: bottom", "bottom")
                        .order())
                .containsExactly("bottom", "left", "right", "top");
    }

    @Test
    void ofWhenATargetIsUnknownNamesBoth() {
        assertThatThrownBy(() -> graph("a: nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'a' depends on 'nobody', which is unknown.");
    }

    @Test
    void findCycleWhenATargetIsUnknownPassesItOver() {
        assertThat(Graph.findCycle(Map.of("a", List.of("nobody")))).isEmpty();
    }

    @Test
    void dependenciesOfWhenTheNodeIsUnknownListsThoseThereAre() {
        assertThatThrownBy(() -> graph("a", "b").dependenciesOf("c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'c' is not in the graph; it has: [a, b].");
        assertThatThrownBy(() -> graph("a", "b").closure(List.of("c"))).hasMessageContaining("'c'");
    }

    @Test
    void ofWhenItsInputIsChangedLaterStaysAsItWas() {
        Map<String, List<String>> input = new LinkedHashMap<>();
        input.put("a", new java.util.ArrayList<>());
        Graph<String> graph = Graph.of(input);

        input.get("a").add("a");
        input.put("b", List.of());

        assertThat(graph.nodes()).containsExactly("a");
        assertThat(graph.order()).containsExactly("a");
        assertThatThrownBy(() -> graph.dependenciesOf("a").add("b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void orderWhenAskedAgainAndAgainIsTheSame() {
        String[] many = new String[200];
        for (int i = 0; i < many.length; i++) {
            many[i] = "n" + i + (i < 100 ? "" : ": n" + (i * 7 % 100) + " n" + (i * 13 % 100));
        }
        List<String> order = graph(many).order();

        for (int i = 0; i < 5; i++) {
            assertThat(graph(many).order()).isEqualTo(order);
        }
    }

    private static Graph<String> graph(String... nodes) {
        Map<String, List<String>> dependencies = new LinkedHashMap<>();
        for (String node : nodes) {
            String[] parts = node.split(": ");
            dependencies.put(parts[0], parts.length == 1 ? List.of() : List.of(parts[1].split(" ")));
        }
        return Graph.of(dependencies);
    }
}
