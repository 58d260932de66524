package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Tests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z", "2026-11-22T17:22:29.449298610Z", "2024-02-29T23:59:59.5Z",
                        "2000-03-01T00:00:00Z",
                "2100-02-28T12:00:00Z", "1969-12-31T23:59:59Z", "2026-01-01T02:00:00+02:00",
                        "2026-01-01T02:00:00.25-05:30"
            })
    void instantWhenWellFormedIsWhatTheJdkReads(String text) {
        assertThat(Rfc3339.instant(text))
                .contains(java.time.OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0001-01-01T00:00:00Z",
                "yesterday",
                "2026-11-22 17:22:29Z",
                "2026-11-22T17:22:29",
                "2026-1x-22T17:22:29Z",
                "2026-11-22T17:22:29.5Zzz"
            })
    void instantWhenNoTimeIsEmpty(String text) {
        assertThat(Rfc3339.instant(text)).isEmpty();
    }

    @Test
    void unixTimeWhenNanosAreFewKeepsTheirPlaces() {
        assertThat(Rfc3339.unixTime(Instant.ofEpochSecond(12, 34))).isEqualTo("12.000000034");
        assertThat(Rfc3339.unixTime(Instant.ofEpochSecond(12))).isEqualTo("12.000000000");
    }
}
