package dev.withstack.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.export.Export;
import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.StackProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifests of every stack as a release are built by kubectl's own kustomize, and an API server applies them as a dry run:
 * nothing is changed on it. They go into the namespace {@code default} for that, as theirs are not there.
 */
class KubernetesServerIT {
    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> manifestsWhenBuiltAreACustomization() {
        Assumptions.assumeTrue(isThere("kubectl"), "The customization is built where there is a kubectl.");
        return ExportTests.each((profile, environment) ->
                assertThat(built(profile, environment, "")).contains("kind: Namespace"));
    }

    /** One test for all, as a report shows only of a test that it was left out. */
    @Test
    void manifestsWhenAServerIsNamedAreTakenByIt() throws Throwable {
        Assumptions.assumeTrue(
                Optional.ofNullable(System.getenv("KUBECONFIG")).isPresent() && isThere("kubectl"),
                "Manifests are tried on an API server where there is a kubectl, and KUBECONFIG names one.");
        Stream<DynamicTest> each = ExportTests.each((profile, environment) -> {
            Path all = Files.writeString(directory.resolve("all.yaml"), built(profile, environment, "default"));
            assertThat(said("kubectl", "apply", "--dry-run=server", "--filename", all.toString()))
                    .as(profile.name() + " " + environment.id())
                    .contains("server dry run");
        });
        for (DynamicTest test : each.toList()) {
            test.getExecutable().execute();
        }
    }

    private String built(StackProfile profile, Environment environment, String namespace) throws IOException {
        Path target = directory.resolve(profile.name() + "-" + environment.id());
        Export export = ExportTests.manifests(profile, environment);
        for (var file : export.files().entrySet()) {
            Path path = target.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue().text());
        }
        String text = said("kubectl", "kustomize", target.toString());
        return namespace.isEmpty() ? text : text.replaceAll("(?m)^  namespace: .*$", "  namespace: " + namespace);
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private static String said(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(words));
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
