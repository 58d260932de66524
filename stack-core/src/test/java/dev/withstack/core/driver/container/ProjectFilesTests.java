package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectFilesTests {
    private static final Service API = Service.image("api", "api:1");

    @TempDir
    Path project;

    @Test
    void settleWhenTheProjectHasTheFileTakesThat() throws IOException {
        Path own = write("config/api.conf", "own");

        assertThat(settled(API.fileOr("config/api.conf", "/etc/api.conf", Value.text("1"))))
                .singleElement()
                .isInstanceOfSatisfying(FileMount.Copied.class, copied -> {
                    assertThat(copied.source()).isEqualTo(own.toString());
                    assertThat(copied.path()).isEqualTo("/etc/api.conf");
                });
    }

    @Test
    void settleWhenTheProjectHasNoSuchFileTakesWhatIsWritten() {
        assertThat(settled(API.fileOr("config/api.conf", "/etc/api.conf", Value.text("1"))))
                .containsExactly(new FileMount.Generated("/etc/api.conf", Map.of("", Value.text("1"))));
    }

    @Test
    void settleWhenADirectoryIsEmptyTakesWhatIsWritten() throws IOException {
        Files.createDirectories(project.resolve("rules"));

        assertThat(settled(API.file("/etc/rules/a", Value.text("1")).own("rules", "/etc/rules")))
                .extracting(FileMount::path)
                .containsExactly("/etc/rules/a");
    }

    @Test
    void settleWhenItIsADirectoryTakesAllItsFilesInOrder() throws IOException {
        write("rules/b", "1");
        write("rules/a/c", "2");

        assertThat(settled(API.file("/etc/rules/z", Value.text("1")).own("rules", "/etc/rules")))
                .extracting(FileMount::path)
                .containsExactly("/etc/rules/a/c", "/etc/rules/b");
    }

    @Test
    void settleWhenAFileIsChangedHasAnotherDigest() throws IOException {
        Path file = write("a", "1");
        List<FileMount> before = settled(API.copy("a", "/a"));
        Files.writeString(file, "2");

        assertThat(settled(API.copy("a", "/a"))).isNotEqualTo(before);
    }

    @Test
    void settleWhenItIsBoundNamesTheAbsolutePath() throws IOException {
        write("pages/index", "1");

        assertThat(settled(API.bindReadOnly("./pages", "/pages")))
                .containsExactly(
                        new FileMount.Bound(project.resolve("pages").toString(), "/pages", FileMount.Access.READ_ONLY));
    }

    @Test
    void settleWhenThingsAreMissingSaysAllAtOnce() {
        assertThatThrownBy(() -> settled(API.bind("logs", "/logs").copy("a.conf", "/etc/a.conf")))
                .hasMessage("Nothing was started:\n  - api: gets '" + project.resolve("logs")
                        + "' at /logs, and there is no such file or directory. Create it, or point at the project with"
                        + " --project.\n  - api: gets '" + project.resolve("a.conf")
                        + "' at /etc/a.conf, and there is no such file or directory. Create it, or point at the project"
                        + " with --project.");
    }

    @Test
    void settleWhenTheServiceIsNotMeantLooksAtNothing() {
        StackDefinition definition = stack(API.bind("logs", "/logs"));

        assertThat(new ProjectFiles(project)
                        .settle(definition, List.of())
                        .service("api")
                        .files())
                .isEqualTo(definition.service("api").files());
    }

    private List<FileMount> settled(Service service) {
        return new ProjectFiles(project)
                .settle(stack(service), List.of("api"))
                .service("api")
                .files();
    }

    private static StackDefinition stack(Service service) {
        return StackDefinition.of("shop", Environment.DEV).add(service).build();
    }

    private Path write(String path, String text) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
