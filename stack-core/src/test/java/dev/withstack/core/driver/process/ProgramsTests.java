package dev.withstack.core.driver.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Tools;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTests {
    private static final Tools PYTHON =
            new Tools(List.of("venv", ".venv"), Map.of("python", List.of("python3", "python")));

    @TempDir
    Path project;

    @TempDir
    Path system;

    private Programs programs() {
        return new Programs(project, PYTHON, Map.of("PATH", system.toString(), "LANG", "C"));
    }

    private static Path program(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.createFile(directory.resolve(name));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void resolveWhenTheProjectHasItsOwnTakesThat() throws IOException {
        program(system, "python3");
        Path own = program(project.resolve(".venv/bin"), "python");

        assertThat(programs().resolve(List.of("python", "-m", "uvicorn")))
                .containsExactly(own.toString(), "-m", "uvicorn");
    }

    @Test
    void resolveWhenTwoHomesAreThereTakesTheFirst() throws IOException {
        program(project.resolve(".venv/bin"), "python");
        Path first = program(project.resolve("venv/bin"), "python");

        assertThat(programs().resolve(List.of("python"))).containsExactly(first.toString());
    }

    @Test
    void resolveWhenTheProjectHasNoneGoesByThePathAndTheOtherNames() throws IOException {
        Path found = program(system, "python3");

        assertThat(programs().resolve(List.of("python"))).containsExactly(found.toString());
    }

    @Test
    void resolveWhenThereIsNoneSaysWhereItLooked() {
        assertThatThrownBy(() -> programs().resolve(List.of("python")))
                .isInstanceOf(DriverException.class)
                .hasMessage("The program 'python' was not found in venv" + File.separator + ", .venv" + File.separator
                        + ", the PATH (python3, python).");
    }

    @Test
    void environmentWhenTheProjectHasToolsPutsThemFirst() throws IOException {
        program(project.resolve("venv/bin"), "python");

        assertThat(programs().environment())
                .containsEntry("PATH", project.resolve("venv/bin") + File.pathSeparator + system)
                .containsEntry("VIRTUAL_ENV", project.resolve("venv").toString())
                .containsEntry("LANG", "C");
    }

    @Test
    void environmentWhenTheProjectHasNoToolsIsAsItWas() {
        assertThat(programs().environment()).isEqualTo(Map.of("PATH", system.toString(), "LANG", "C"));
    }
}
