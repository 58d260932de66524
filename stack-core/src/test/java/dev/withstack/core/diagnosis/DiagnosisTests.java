package dev.withstack.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.diagnosis.Diagnosis.Kind;
import dev.withstack.core.diagnosis.Diagnosis.Phase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisTests {

    @Test
    void textWhenEverythingIsKnownIsOneBlock() {
        Diagnosis diagnosis = new Diagnosis(
                "postgres",
                Phase.WAITING,
                Kind.FAILED,
                "exited with code 3",
                "connection refused",
                List.of("LOG: starting", "FATAL: no space"),
                List.of("pipeline-api", "admin-dashboard"),
                List.of("free some disk", "logs postgres"));

        assertThat(diagnosis.text())
                .isEqualTo(
                        """
                        'postgres' failed while becoming ready: exited with code 3
                          last probe answer: connection refused
                          last log lines:
                            | LOG: starting
                            | FATAL: no space
                          held back: pipeline-api, admin-dashboard
                          try next:
                            free some disk
                            logs postgres""");
    }

    @Test
    void textWhenNothingElseIsKnownIsOneLine() {
        Diagnosis diagnosis = new Diagnosis(
                "redis", Phase.PULLING, Kind.FAILED, "no such image", "", List.of(), List.of(), List.of());

        assertThat(diagnosis.text()).isEqualTo("'redis' failed while getting its image: no such image");
    }

    @Test
    void phaseWhenPutInWordsHasOneForEach() {
        assertThat(Arrays.stream(Phase.values()).map(Phase::text))
                .containsExactly(
                        "getting its image",
                        "building its image",
                        "getting what it needs of this host",
                        "being created",
                        "being started",
                        "becoming ready",
                        "running",
                        "stopping",
                        "being removed");
    }
}
