package dev.withstack.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.profile.Variables;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every variable that a stack asks for is explained: {@code init}, {@code config} and the stack's page show it. */
class ExplanationsTests {

    @TestFactory
    Stream<DynamicTest> variablesWhenAStackAsksForThemAreExplained() {
        return Profiles.find(ExplanationsTests.class.getClassLoader()).all().stream()
                .flatMap(profile -> Environment.LASTING.stream().map(environment -> check(profile, environment)));
    }

    private static DynamicTest check(StackProfile profile, Environment environment) {
        return DynamicTest.dynamicTest(profile.name() + " in " + environment.id(), () -> assertThat(
                        Variables.unexplained(Variables.of(profile, environment)))
                .as("variables that explanations() of " + profile.name() + " has to explain")
                .isEmpty());
    }
}
