package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SshTunnelTests {
    private static final Path NEAR = Path.of("/tmp/near.sock");

    @Test
    void commandWhenOnlyTheHostIsGivenLeavesTheRestToTheUsersConfiguration() {
        EngineAddress.Ssh address = new EngineAddress.Ssh("me@build.example", 0, "/var/run/docker.sock");

        assertThat(SshTunnel.command(address, NEAR))
                .containsSubsequence(
                        "ssh", "-L", "/tmp/near.sock:/var/run/docker.sock", "--", "me@build.example", "cat")
                .doesNotContain("-p");
    }

    @Test
    void commandWhenAPortIsGivenNamesIt() {
        EngineAddress.Ssh address = new EngineAddress.Ssh("build.example", 2222, "/run/docker.sock");

        assertThat(SshTunnel.command(address, NEAR)).containsSubsequence("-p", "2222", "--", "build.example");
    }
}
