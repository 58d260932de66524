package dev.withstack.core.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is run inside of a neighbour's container, run here by a shell that has nothing but one program at hand. */
class NeighboursTests {
    @TempDir
    Path programs;

    @Test
    void connectWhenNetcatCanScanScans() throws Exception {
        put("nc", "case $1 in -h) echo ' -z zero-I/O mode' >&2; exit 1;; esac; echo \"$*\"");

        assertThat(connect()).isEqualTo("-z -w 5 db 5432");
    }

    @Test
    void connectWhenBusyBoxWasBuiltWithoutScanningConnects() throws Exception {
        put("nc", "case $1 in -h|-z) echo \"nc: invalid option -- '$1'\" >&2; exit 1;; esac; echo \"$*\"");

        assertThat(connect()).isEqualTo("-w 5 db 5432 -e true");
    }

    private void put(String program, String script) throws IOException {
        Path file = Files.writeString(programs.resolve(program), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private String connect() throws Exception {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", Neighbours.CONNECT, "db", "5432");
        shell.environment().clear();
        shell.environment().put("PATH", programs.toString());
        Process process = shell.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
