package dev.withstack.launcher.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.withstack.core.engine.OtherHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A real {@code sshd} on another host, and an {@code ssh} that has a key for it. It lets in root alone, and nobody else's key. */
public final class SshServer implements AutoCloseable {
    private static final Path DAEMON = Path.of("/usr/sbin/sshd");
    private static final Duration SOON = Duration.ofMinutes(1);

    private final Path directory;
    private final Process process;

    private SshServer(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** Leave the test out where there is none. */
    public static void assumeInstalled() {
        Assumptions.assumeTrue(
                Files.isExecutable(DAEMON),
                "There is no sshd. On Debian or Ubuntu: sudo apt-get install openssh-server");
    }

    /** Start one there, on the usual port. */
    public static SshServer on(OtherHost host) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("withstack-sshd-");
        for (String key : List.of("host", "client")) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    directory.resolve(key).toString());
        }
        Path configuration = Files.write(
                directory.resolve("sshd_config"),
                List.of(
                        "ListenAddress " + host.address(),
                        "HostKey " + directory.resolve("host"),
                        "AuthorizedKeysFile " + directory.resolve("client.pub"),
                        "PidFile none",
                        "PermitRootLogin prohibit-password",
                        "PasswordAuthentication no",
                        "StrictModes no"));
        Files.createDirectories(Path.of("/run/sshd"));
        List<String> command = new ArrayList<>(host.command());
        command.addAll(List.of(DAEMON.toString(), "-D", "-f", configuration.toString()));
        SshServer server = new SshServer(
                directory,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start());
        server.writeClient();
        await().atMost(SOON).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host.address(), 22), 1000);
                return true;
            }
        });
        return server;
    }

    private void writeClient() throws IOException {
        Path configuration = Files.write(
                directory.resolve("ssh_config"),
                List.of(
                        "IdentityFile " + directory.resolve("client"),
                        "UserKnownHostsFile " + directory.resolve("known_hosts"),
                        "StrictHostKeyChecking accept-new",
                        "BatchMode yes"));
        Files.createDirectories(clientDirectory());
        Path client = clientDirectory().resolve("ssh");
        Files.writeString(client, "#!/bin/sh\nexec /usr/bin/ssh -F " + configuration + " \"$@\"\n");
        Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    /** Return the directory with the {@code ssh} that is let in, for the front of a PATH. */
    public Path clientDirectory() {
        return directory.resolve("bin");
    }

    /** Wait until no client of it runs any more. */
    public void awaitNoClient() {
        String mark = directory.resolve("ssh_config").toString();
        await().atMost(SOON).until(() -> ProcessHandle.allProcesses()
                .noneMatch(one -> one.info().commandLine().orElse("").contains(mark)));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        process.waitFor();
        run("rm", "-rf", directory.toString());
    }
}
