package dev.withstack.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SecretNamesTests {
    private final SecretNames names = new SecretNames(
            secret -> secret.equals("frostbyte") ? List.of("MINIO_ROOT_PASSWORD", "POSTGRES_PASSWORD") : List.of());

    @Test
    void ofWhenSeveralSettingsHaveTheValueIsTheOneThatIsCalledLikeThePlace() {
        assertThat(names.of("frostbyte", "postgres", "POSTGRES_PASSWORD")).isEqualTo("POSTGRES_PASSWORD");
        assertThat(names.of("frostbyte", "pipeline-api", "POSTGRES_URL")).isEqualTo("POSTGRES_PASSWORD");
        assertThat(names.of("frostbyte", "pipeline-api", "MINIO_SECRET_KEY")).isEqualTo("MINIO_ROOT_PASSWORD");
        assertThat(names.of("frostbyte", "postgres", "command")).isEqualTo("POSTGRES_PASSWORD");

        assertThat(names.values()).containsOnlyKeys("POSTGRES_PASSWORD", "MINIO_ROOT_PASSWORD");
    }

    @Test
    void ofWhenNoSettingHasTheValueIsCalledAfterItsPlace() {
        assertThat(names.of("other", "pipeline-api", "KEY")).isEqualTo("PIPELINE_API_KEY");
    }
}
