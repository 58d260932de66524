package dev.withstack.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.export.ComposeExport;
import dev.withstack.core.export.Export;
import dev.withstack.core.export.KubernetesExport;
import dev.withstack.core.export.SourceTree;
import dev.withstack.core.export.SwarmExport;
import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every stack in every environment, written for Docker Compose, is what stands in {@code src/test/resources/export}. With
 * {@code -Dwithstack.pages=write} the tests write what they would compare.
 */
class ExportTests {
    private static final boolean WRITES = "write".equals(System.getProperty("withstack.pages"));
    private static final Path GOLDEN = Path.of("src", "test", "resources", "export");
    private static final String FIX = "write it anew: ./mvnw test -pl stack-profiles -am -Dtest=ExportTests"
            + " -Dwithstack.pages=write -Dsurefire.failIfNoSpecifiedTests=false";

    @TestFactory
    Stream<DynamicTest> exportWhenADefinitionChangesChangesWithIt() {
        return each((profile, environment) -> {
            Path file = GOLDEN.resolve(profile.name() + "-" + environment.id() + ".yaml");
            String text = text(export(profile, environment, settings(profile, environment)));
            if (WRITES) {
                Files.createDirectories(GOLDEN);
                Files.writeString(file, text);
            }
            assertThat(file).as(FIX).hasContent(text);
        });
    }

    @TestFactory
    Stream<DynamicTest> exportWhenThereAreSecretsHasThemInTheirOwnFileAlone() {
        return each((profile, environment) -> {
            Map<String, String> settings = settings(profile, environment);
            Export export = export(profile, environment, settings);
            export.files().forEach((name, file) -> {
                if (file.readers() == Export.Readers.OWNER) {
                    assertThat(name).endsWith(".env");
                } else {
                    assertThat(file.text()).as(name).doesNotContain("kept-to-itself");
                }
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> manifestsWhenADefinitionChangesChangeWithIt() {
        return each((profile, environment) -> {
            Path file = GOLDEN.resolve("kubernetes").resolve(profile.name() + "-" + environment.id() + ".yaml");
            Export export = manifests(profile, environment, settings(profile, environment));
            String text = text(export);
            if (WRITES) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertThat(file).as(FIX).hasContent(text);
        });
    }

    @TestFactory
    Stream<DynamicTest> swarmWhenADefinitionChangesChangesWithIt() {
        return each((profile, environment) -> {
            Settings settings = Settings.of(environment, settings(profile, environment));
            Path project = Path.of("..", "examples", "apps", profile.name()).resolve(profile.within());
            Export export = new SwarmExport(
                            Profiles.load(profile, settings),
                            new SourceTree(project, project.resolve("export")),
                            settings::namesOfSecret)
                    .export();
            Path file = GOLDEN.resolve("swarm").resolve(profile.name() + "-" + environment.id() + ".yaml");
            String text = text(export);
            if (WRITES) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertThat(text).doesNotContain("kept-to-itself");
            assertThat(file).as(FIX).hasContent(text);
        });
    }

    @TestFactory
    Stream<DynamicTest> manifestsWhenReadStrictlyHaveNoFieldThatKubernetesDoesNot() {
        return each((profile, environment) -> {
            Export export = manifests(profile, environment, settings(profile, environment));
            export.files().forEach((name, file) -> {
                if (name.endsWith(".yaml") && !name.endsWith(KubernetesExport.FILE) && !name.contains("files/")) {
                    Manifests.read(file.text()).forEach(manifest -> Manifests.check(name, manifest));
                }
            });
        });
    }

    @Test
    void manifestWhenItHasAFieldThatKubernetesDoesNotIsFound() {
        Map<?, ?> manifest = Manifests.read("apiVersion: v1\nkind: Service\nspec: {prots: []}\n")
                .get(0);

        assertThatThrownBy(() -> Manifests.check("typo.yaml", manifest)).hasMessageContaining("prots");
    }

    @Test
    void manifestWhenItLacksWhatKubernetesRequiresIsFound() {
        assertThatThrownBy(() -> Published.check(
                        "apps/v1 Deployment",
                        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"template\":{}}}"))
                .hasMessageContaining("selector");
        assertThatThrownBy(() -> Published.check("v1 Service", "{\"spec\":{\"prots\":[]}}"))
                .hasMessageContaining("prots");
    }

    @TestFactory
    Stream<DynamicTest> manifestsWhenThereAreSecretsHaveThemInFilesOfTheirOwnAlone() {
        return each((profile, environment) -> {
            Export export = manifests(profile, environment, settings(profile, environment));
            export.files().forEach((name, file) -> {
                if (file.readers() != Export.Readers.OWNER) {
                    assertThat(file.text()).as(name).doesNotContain("kept-to-itself");
                }
            });
        });
    }

    static Export manifests(StackProfile profile, Environment environment) {
        return manifests(profile, environment, settings(profile, environment));
    }

    private static Export manifests(StackProfile profile, Environment environment, Map<String, String> given) {
        Settings settings = Settings.of(environment, given);
        Path project = Path.of("..", "examples", "apps", profile.name()).resolve(profile.within());
        return new KubernetesExport(
                        Profiles.load(profile, settings),
                        new SourceTree(project, project.resolve("export")),
                        settings::namesOfSecret)
                .export();
    }

    interface Check {
        void check(StackProfile profile, Environment environment) throws IOException;
    }

    static Stream<DynamicTest> each(Check check) {
        return Profiles.find(ExportTests.class.getClassLoader()).all().stream()
                .flatMap(profile -> Stream.of(Environment.DEV, Environment.STAGE, Environment.PROD)
                        .map(environment -> DynamicTest.dynamicTest(
                                profile.name() + " " + environment.id(), () -> check.check(profile, environment))));
    }

    private static Export export(StackProfile profile, Environment environment, Map<String, String> given) {
        Settings settings = Settings.of(environment, given);
        Path project = Path.of("..", "examples", "apps", profile.name()).resolve(profile.within());
        return new ComposeExport(
                        Profiles.load(profile, settings),
                        new SourceTree(project, project.resolve("export")),
                        settings::namesOfSecret)
                .export();
    }

    /** Secrets of its own for each, as a release demands them. */
    private static Map<String, String> settings(StackProfile profile, Environment environment) {
        Settings none = Settings.none(environment);
        profile.define(environment, none);
        Map<String, String> settings = new LinkedHashMap<>();
        for (Asked asked : none.asked()) {
            switch (asked.kind()) {
                case SECRET, PASSWORD, ISSUED ->
                    settings.put(asked.name(), "kept-to-itself-" + asked.name() + "-0123456789");
                case DEVELOPMENT_SWITCH -> {
                    if (environment.isRelease()) {
                        settings.put(asked.name(), "false");
                    }
                }
                case PLAIN, URL -> {}
            }
        }
        profile.certificate().ifPresent(certificate -> {
            settings.put(certificate.certificateSetting(), certificate.certificate());
            settings.put(certificate.keySetting(), certificate.key());
        });
        return settings;
    }

    private static String text(Export export) {
        StringBuilder text = new StringBuilder();
        export.files().forEach((name, file) -> {
            if (name.endsWith(".yaml") && !name.contains("files/")) {
                text.append("# ==== ").append(name).append('\n').append(file.text());
            }
        });
        text.append("# ==== and\n");
        export.files().keySet().stream()
                .filter(name -> !name.endsWith("compose.yaml"))
                .forEach(name -> text.append("# ").append(name).append('\n'));
        text.append("# ==== lost\n");
        List<Export.Loss> losses = export.losses();
        losses.forEach(loss -> text.append("# ").append(loss).append('\n'));
        return text.toString();
    }
}
