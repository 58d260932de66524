package dev.withstack.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackIdTests {

    @ParameterizedTest
    @CsvSource({
        "DEV,   '',   frostbyte-dev,      frostbyte-dev-redis,      frostbyte_redis_data",
        "STAGE, '',   frostbyte-stage,    frostbyte-stage-redis,    frostbyte_redis_data-stage",
        "PROD,  '',   frostbyte-prod,     frostbyte-prod-redis,     frostbyte_redis_data-prod",
        "TEST,  r1,   frostbyte-test-r1,  frostbyte-test-r1-redis,  frostbyte_redis_data-test-r1",
        "DEV,   r1,   frostbyte-dev-r1,   frostbyte-dev-r1-redis,   frostbyte_redis_data-dev-r1",
    })
    void namesWhenEnvironmentsDifferDoNotMeet(
            Environment environment, String run, String network, String container, String volume) {
        StackId id = new StackId("frostbyte", environment, run);

        assertThat(id.prefix()).isEqualTo(network);
        assertThat(id.containerName("redis")).isEqualTo(container);
        assertThat(id.volumeName("redis_data")).isEqualTo(volume);
    }

    @Test
    void namesWhenAllEnvironmentsAndRunsAreTakenTogetherAreAllDifferent() {
        List<String> names = new ArrayList<>();
        for (Environment environment : Environment.values()) {
            for (String run : List.of("", "r1", "r2")) {
                StackId id = new StackId("frostbyte", environment, run);
                names.addAll(List.of(id.prefix(), id.containerName("redis"), id.volumeName("redis_data")));
            }
        }

        assertThat(names).doesNotHaveDuplicates().hasSize(45);
    }

    @Test
    void wholeWhenItIsARunIsItsOwn() {
        assertThat(StackId.of("shop", Environment.PROD).whole("pgdata-prod")).isEqualTo("pgdata-prod");
        assertThat(new StackId("shop", Environment.TEST, "r1").whole("pgdata")).isEqualTo("pgdata-r1");
    }

    @Test
    void toStringWhenPrintedIsForPeople() {
        assertThat(StackId.of("frostbyte", Environment.PROD)).hasToString("frostbyte (prod)");
        assertThat(new StackId("frostbyte", Environment.TEST, "r1")).hasToString("frostbyte (test r1)");
    }

    @Test
    void isReleaseWhenRealSecretsAreDemandedIsTrue() {
        assertThat(List.of(Environment.values()).stream().filter(Environment::isRelease))
                .containsExactly(Environment.STAGE, Environment.PROD);
    }
}
