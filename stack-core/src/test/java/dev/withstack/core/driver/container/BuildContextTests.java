package dev.withstack.core.driver.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildContextTests {
    private static final String RECIPE = "FROM python:3.13-slim\n";

    @TempDir
    private Path directory;

    private String before = "";

    @BeforeEach
    void writeSource() throws IOException {
        Files.createDirectories(directory.resolve("app/cache"));
        Files.writeString(directory.resolve("app/main.py"), "print(1)");
        Files.writeString(directory.resolve("app/cache/old"), "old");
        Files.writeString(directory.resolve(".dockerignore"), "# not these\n**/cache\n/notes.txt\n");
        before = digest();
    }

    @Test
    void digestWhenNothingChangesStaysTheSame() {
        assertThat(digest()).isEqualTo(before).hasSize(12);
    }

    @Test
    void digestWhenAFileChangesChanges() throws IOException {
        Files.writeString(directory.resolve("app/main.py"), "print(2)");

        assertThat(digest()).isNotEqualTo(before);
    }

    @Test
    void digestWhenAFileIsRenamedChanges() throws IOException {
        Files.move(directory.resolve("app/main.py"), directory.resolve("app/other.py"));

        assertThat(digest()).isNotEqualTo(before);
    }

    @Test
    void digestWhenAFileBecomesExecutableChanges() {
        assertThat(directory.resolve("app/main.py").toFile().setExecutable(true))
                .isTrue();

        assertThat(digest()).isNotEqualTo(before);
    }

    @Test
    void digestWhenAnIgnoredFileChangesStaysTheSame() throws IOException {
        Files.writeString(directory.resolve("app/cache/new"), "new");
        Files.writeString(directory.resolve("notes.txt"), "note");

        assertThat(digest()).isEqualTo(before);
    }

    @Test
    void digestWhenTheIgnoreFileHasExceptionsCoversEverything() throws IOException {
        Files.writeString(directory.resolve(".dockerignore"), "**/cache\n!app/cache/keep\n");
        String withExceptions = digest();
        Files.writeString(directory.resolve("app/cache/keep"), "kept");

        assertThat(digest()).isNotEqualTo(withExceptions);
    }

    @Test
    void digestWhenTheRecipeChangesChanges() {
        assertThat(new BuildContext(directory).digest("FROM python:3.12-slim\n"))
                .isNotEqualTo(before);
    }

    private String digest() {
        return new BuildContext(directory).digest(RECIPE);
    }
}
