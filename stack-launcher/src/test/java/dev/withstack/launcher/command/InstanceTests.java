package dev.withstack.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class InstanceTests {

    @Test
    void ofWhenNothingIsSetIsTheOneWithTheDocumentsNames() {
        assertThat(Instance.of(Map.of()).name()).isEmpty();
    }

    @Test
    void ofWhenSetIsThatName() {
        assertThat(Instance.of(Map.of("STACK_INSTANCE", "two")).name()).isEqualTo("two");
    }

    @Test
    void ofWhenItCanNotBePartOfANameIsRefused() {
        assertThatThrownBy(() -> Instance.of(Map.of("STACK_INSTANCE", "My Copy")))
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("'My Copy' (STACK_INSTANCE in the environment) can't be part of a container's name."
                        + " Use small letters and digits, 20 at most.");
    }
}
