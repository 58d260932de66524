package dev.withstack.examples.extended;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A stack that ships is extended by one service without copying it. */
class BiAgentWithReportsTests {

    @Test
    void defineWhenExtendedHasAllOfTheStackAndTheServiceWithItsSettings() {
        StackDefinition stack = Profiles.load(
                new BiAgentWithReports(), Settings.of(Environment.DEV, Map.of("MY_SERVICE_PORT", "19999")));

        assertThat(stack.services()).hasSize(14);
        assertThat(stack.service("my-service").dependencies()).containsExactly(Dependency.healthy("postgres"));
        assertThat(stack.service("my-service").endpoint("").publication().toString())
                .contains("19999");
        assertThat(stack.networks()).containsExactly("local-dev", "observability");
    }
}
