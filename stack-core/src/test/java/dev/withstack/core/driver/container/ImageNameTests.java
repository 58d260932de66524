package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTests {

    @ParameterizedTest
    @CsvSource({
        "redis, redis:latest",
        "redis:7-alpine, redis:7-alpine",
        "docker.io/library/redis:7, redis:7",
        "docker.io/minio/minio, minio/minio:latest",
        "localhost:5000/redis, localhost:5000/redis:latest",
        "redis@sha256:00ff, redis@sha256:00ff",
    })
    void familiarWhenGivenAnyFormReturnsTheOneThatPeopleWrite(String reference, String familiar) {
        assertThat(ImageName.familiar(reference)).isEqualTo(familiar);
    }

    @ParameterizedTest
    @CsvSource({
        "postgres:16*, postgres:16-alpine, true",
        "postgres:16*, postgres:15-alpine, false",
        "minio/minio*, minio/minio:latest, true",
        "redis, redis:latest, true",
        "redis, redis:7, false",
    })
    void matchesWhenGivenAPatternStandsForTheNamesItBegins(String pattern, String name, boolean isMatch) {
        assertThat(ImageName.matches(pattern, name)).isEqualTo(isMatch);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"postgres:16-alpine, 16", "redis:7.2.5, 7", "postgres:latest, ''", "localhost:5000/postgres, ''"})
    void majorWhenTheTagBeginsWithDigitsIsThose(String reference, String major) {
        assertThat(ImageName.major(reference)).isEqualTo(major);
    }

    @Test
    void majorWhenNamedByDigestIsUnknown() {
        assertThat(ImageName.major("postgres@sha256:16ff")).isEmpty();
    }
}
