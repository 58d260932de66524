package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageUseTests {

    @ParameterizedTest
    @CsvSource({
        "UPSTREAM, otel/opentelemetry-collector-contrib:0.91.0, '', otelcol//real, 0.91.0",
        "UPSTREAM, 'localhost:5000/prom/prometheus:v2.48.1', '', '', 2.48.1",
        "UPSTREAM, redis:7-alpine, '', '', ''",
        "UPSTREAM, minio/minio:latest, '', '', ''",
        "REAL, offline/otelcol:latest, the collector of Debian 13, otelcol/0.152/real, 0.152",
        "REAL, offline/prometheus:latest, Prometheus 2.53 from Debian 13, prometheus/2/real, 2.53",
        "STAND_IN, offline/qdrant:1.2, exact search over REST, '', ''",
    })
    void versionWhenTheImageTellsItIsThat(
            ImageUse.Standing standing, String used, String note, String lineage, String version) {
        assertThat(new ImageUse("x", used, "id", standing, note, lineage).version())
                .isEqualTo(version);
    }
}
