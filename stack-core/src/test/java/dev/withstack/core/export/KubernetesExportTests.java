package dev.withstack.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesExportTests {
    @TempDir
    Path project;

    @ParameterizedTest
    @CsvSource({
        "postgres:16.4, 999",
        "postgres:16-alpine, 70",
        "postgres:16-alpine3.20, 70",
        "postgres:16-alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, 70"
    })
    void exportOfPostgresRunsItAsTheUserThatItsImageHas(String image, int user) {
        StackDefinition shop = StackDefinition.of("shop", Environment.DEV)
                .add(Postgres.service("db")
                        .user("shop")
                        .password(Value.secret("a-password"))
                        .database("shop")
                        .data("data")
                        .source(new Source.Image(image)))
                .build();

        Export export = new KubernetesExport(shop, new SourceTree(project, project.resolve("out")), secret -> List.of())
                .export();

        assertThat(Objects.requireNonNull(export.files().get("db.yaml")).text()).contains("runAsUser: " + user + "\n");
    }
}
