package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Preparation;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreparationPlanTests {
    private static final Preparation PACKAGES = new Preparation("the packages", List.of("check"), List.of("install"));
    private static final ImageUse PROCESS = new ImageUse("serve", "serve", "", ImageUse.Standing.PROCESS, "", "");

    private final StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
            .add(process("api"), process("gateway").needs(process("api")))
            .build();

    private static Service process(String name) {
        return Service.process(name, "backend", "serve", name)
                .process(process -> process.preparation(PACKAGES))
                .probe(Probe.command("ready"));
    }

    private Observed lacking(Map<String, List<Observed.Lack>> lacks) {
        return Observed.NOTHING
                .withImages(Map.of("api", PROCESS, "gateway", PROCESS))
                .withLacking(lacks);
    }

    @Test
    void upWhenTwoProcessesLackTheSameGetsItOnce() {
        List<Observed.Lack> lack = List.of(new Observed.Lack("the packages", "missing: redis"));

        Plan plan =
                Planner.up(definition, definition.services().keySet(), lacking(Map.of("api", lack, "gateway", lack)));

        assertThat(plan.text())
                .isEqualTo(
                        """
                          1  prepare the packages  missing: redis
                          2  create api            not found
                          3  start api             not found  after 1, 2
                          4  await api             started  after 3
                          5  create gateway        not found
                          6  start gateway         not found  after 1, 4, 5
                          7  await gateway         started  after 6
                        """);
    }

    @Test
    void upWhenNothingIsLackingNeedsNoNetworkAndNoPreparation() {
        Plan plan = Planner.up(definition, definition.services().keySet(), lacking(Map.of()));

        assertThat(plan.text()).doesNotContain("prepare").doesNotContain("network");
    }
}
