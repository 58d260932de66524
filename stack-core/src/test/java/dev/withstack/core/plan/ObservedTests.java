package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservedTests {
    @Test
    void andWhenBothHaveNetworksKeepsTheirOrder() {
        List<String> names = List.of("zeta", "alpha", "mid", "beta", "omega", "kappa");

        Observed both = on(names.subList(0, 3)).and(on(names.subList(3, 6)));

        assertThat(new ArrayList<>(both.networks())).isEqualTo(names);
    }

    private static Observed on(List<String> names) {
        Set<String> networks = new LinkedHashSet<>(names);
        return new Observed(
                Map.of(), Map.of(), Map.of(), Map.of(), networks, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(),
                Map.of());
    }
}
