package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarTests {

    @TempDir
    Path directory;

    @Test
    void archiveWhenUnpackedByTarGivesTheFilesBack() throws Exception {
        String deep = "d".repeat(90) + "/" + "e".repeat(90) + "/ü.txt";
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 'x');
        Path archive = directory.resolve("a.tar");
        Files.write(
                archive,
                Tar.archive(List.of(
                        new ContainerFile("run.sh", "#!/bin/sh".getBytes(StandardCharsets.UTF_8), 0755, 70, 71),
                        ContainerFile.text(deep, "deep"),
                        new ContainerFile("large", large, 0600, 0, 0))));

        Process tar = new ProcessBuilder(
                        "tar", "-xf", archive.toString(), "-C", directory.toString(), "--no-same-owner")
                .redirectErrorStream(true)
                .start();
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(tar.waitFor()).as(said).isZero();
        assertThat(directory.resolve("run.sh")).hasContent("#!/bin/sh").isExecutable();
        assertThat(directory.resolve(deep)).hasContent("deep");
        assertThat(directory.resolve("large")).hasSize(100_000);
    }

    @Test
    void firstWhenArchiveOfTarHasALinkGivesItsTarget() throws Exception {
        Files.createSymbolicLink(directory.resolve("link"), Path.of("x".repeat(150)));
        Process tar = new ProcessBuilder("tar", "-cf", "-", "-C", directory.toString(), "link").start();

        assertThat(Tar.first(tar.getInputStream(), "link", 10).linkTarget()).isEqualTo("x".repeat(150));
    }

    @Test
    void firstWhenItIsADirectorySaysSo() throws Exception {
        Process tar = new ProcessBuilder("tar", "-cf", "-", "-C", directory.toString(), ".").start();

        assertThatThrownBy(() -> Tar.first(tar.getInputStream(), "/etc", 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'/etc' is not a file");
    }

    @Test
    void firstWhenArchiveIsCutIsAnEnd() {
        byte[] whole = Tar.archive(List.of(ContainerFile.text("a", "0123456789")));

        assertThatThrownBy(() -> first(Arrays.copyOf(whole, 100))).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> first(Arrays.copyOf(whole, 515))).isInstanceOf(EOFException.class);
    }

    private static Tar.Entry first(byte[] archive) throws IOException {
        return Tar.first(new ByteArrayInputStream(archive), "a", 100);
    }
}
