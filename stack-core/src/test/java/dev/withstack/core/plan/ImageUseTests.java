package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageUseTests {

    @ParameterizedTest
    @CsvSource({
        "UPSTREAM, otel/opentelemetry-collector-contrib:0.91.0, '', 0.91.0",
        "UPSTREAM, 'localhost:5000/prom/prometheus:v2.48.1', '', 2.48.1",
        "UPSTREAM, redis:7-alpine, '', ''",
        "UPSTREAM, minio/minio:latest, '', ''",
        "REAL, offline/otelcol:latest, OpenTelemetry Collector 0.152.0 from Debian, 0.152.0",
        "STAND_IN, offline/qdrant:1.2, exact search over REST, ''",
    })
    void versionWhenTagOrNoteTellsItIsThat(ImageUse.Standing standing, String used, String note, String version) {
        assertThat(new ImageUse("x", used, "id", standing, note, "").version()).isEqualTo(version);
    }
}
