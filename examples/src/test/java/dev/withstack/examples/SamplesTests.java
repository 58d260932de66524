package dev.withstack.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the sample applications beyond their own tests. */
class SamplesTests {

    @ParameterizedTest
    @ValueSource(strings = {"telemetry.py", "logs.py"})
    void biAgentsPythonServicesHaveTheSameCopy(String file) {
        Path samples = Path.of("apps/bi-agent");

        assertThat(samples.resolve("celery-service").resolve(file))
                .hasSameTextualContentAs(samples.resolve("ml-service").resolve(file));
    }
}
