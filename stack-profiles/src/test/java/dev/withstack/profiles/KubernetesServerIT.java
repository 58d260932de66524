package dev.withstack.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.export.Export;
import dev.withstack.core.export.KubernetesExport;
import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The manifests of every stack, with those of its base, are built by kubectl's own kustomize, and an API server takes them. */
class KubernetesServerIT {
    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> manifestsWhenBuiltAreACustomization() {
        Assumptions.assumeTrue(isThere("kubectl"), "The customization is built where there is a kubectl.");
        return ExportTests.each((profile, environment) -> assertThat(built(profile, environment))
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).contains("kind: Namespace")));
    }

    /**
     * All of it is a dry run, in one namespace that is made for it as the exports make theirs, so that admission judges what would
     * run there; what it thinks of the pods of a Deployment is a warning.
     */
    @Nested
    class OnAServer {
        private final String namespace = "withstack-"
                + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
        private boolean isMade;

        /** One test for all, as a report shows only of a test that it was left out. */
        @Test
        void manifestsWhenAppliedAreTakenWithoutAWarning() throws Throwable {
            makeNamespace();
            List<DynamicTest> each = ExportTests.each((profile, environment) -> {
                        for (String text : built(profile, environment)) {
                            assertThat(applied(text))
                                    .as(profile.name() + " " + environment.id())
                                    .contains("server dry run");
                        }
                    })
                    .toList();
            for (DynamicTest test : each) {
                test.getExecutable().execute();
            }
        }

        @Test
        void manifestsWhenAPodWouldBeRefusedAreWarnedOf() throws Exception {
            makeNamespace();
            String text =
                    built(frostbyte(), Environment.PROD).get(0).replace("runAsNonRoot: true", "runAsNonRoot: false");

            assertThatThrownBy(() -> applied(text)).hasMessageContaining("would violate PodSecurity \"restricted");
        }

        private void makeNamespace() throws IOException {
            Assumptions.assumeTrue(
                    System.getenv("KUBECONFIG") != null && isThere("kubectl"),
                    "Manifests are tried on an API server where there is a kubectl, and KUBECONFIG names one.");
            Export export = ExportTests.manifests(frostbyte(), Environment.PROD);
            String own =
                    export.files().get("namespace.yaml").text().replaceAll("(?m)^  name: .*$", "  name: " + namespace);
            Path file = Files.writeString(directory.resolve("namespace.yaml"), own);
            said("kubectl", "create", "--filename", file.toString());
            isMade = true;
        }

        private String applied(String text) throws IOException {
            String there = text.replaceAll("(?m)^  namespace: .*$", "  namespace: " + namespace);
            Path all = Files.writeString(directory.resolve("all.yaml"), there);
            return said("kubectl", "apply", "--dry-run=server", "--warnings-as-errors", "--filename", all.toString());
        }

        @AfterEach
        void removeNamespace() throws IOException {
            if (isMade) {
                said("kubectl", "delete", "namespace", namespace, "--wait=false");
            }
        }
    }

    /** Return what kustomize makes of each customization of the export. */
    private List<String> built(StackProfile profile, Environment environment) throws IOException {
        Path target = directory.resolve(profile.name() + "-" + environment.id());
        Map<String, Export.File> files =
                new TreeMap<>(ExportTests.manifests(profile, environment).files());
        for (var file : files.entrySet()) {
            Path path = target.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue().text());
        }
        List<String> texts = new ArrayList<>();
        for (String name : files.keySet()) {
            Path file = target.resolve(name);
            if (file.endsWith(KubernetesExport.FILE)) {
                texts.add(said("kubectl", "kustomize", file.getParent().toString()));
            }
        }
        return texts;
    }

    private static StackProfile frostbyte() {
        return Profiles.find(KubernetesServerIT.class.getClassLoader())
                .named("frostbyte")
                .orElseThrow();
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static String said(String... words) throws IOException {
        List<String> command = List.of(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor())
                    .as(String.join(" ", command) + "\n" + said)
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }
}
