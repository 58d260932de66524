package dev.withstack.core.docker;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A way to the socket of an engine on another host, by the user's own {@code ssh}: its configuration, keys, agent and known
 * hosts hold here too, and it may ask for a passphrase on the terminal. One process serves all connections.
 *
 * <p>It ends with this process however that ends: on the other side {@code cat} reads what we write, which is nothing, and
 * is over when we are.
 */
final class SshTunnel implements Closeable {
    /** Somebody may have to type. */
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final long PAUSE_MILLIS = 20;

    private final Path directory;
    private final Process process;

    private SshTunnel(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /**
     * Open one, and wait until it can be used.
     *
     * @throws IOException if it can't be opened, with what {@code ssh} said
     */
    static SshTunnel open(EngineAddress.Ssh address) throws IOException {
        Path directory = Files.createTempDirectory("withstack-ssh-");
        SshTunnel tunnel;
        try {
            tunnel = new SshTunnel(directory, begin(address, directory));
        } catch (IOException e) {
            remove(directory);
            throw new IOException("the command 'ssh' can't be run: " + e.getMessage(), e);
        }
        try {
            tunnel.awaitOpen();
            return tunnel;
        } catch (IOException | RuntimeException e) {
            tunnel.close();
            throw e;
        }
    }

    private static Process begin(EngineAddress.Ssh address, Path directory) throws IOException {
        return new ProcessBuilder(command(address, socketIn(directory)))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errorsIn(directory).toFile())
                .start();
    }

    static List<String> command(EngineAddress.Ssh address, Path socket) {
        List<String> command = new ArrayList<>(List.of("ssh", "-T", "-o", "ExitOnForwardFailure=yes"));
        command.addAll(List.of("-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=15"));
        if (address.port() > 0) {
            command.addAll(List.of("-p", Integer.toString(address.port())));
        }
        command.addAll(List.of("-L", socket + ":" + address.socket(), "--", address.destination(), "cat"));
        return command;
    }

    Path socket() {
        return socketIn(directory);
    }

    private static Path socketIn(Path directory) {
        return directory.resolve("engine.sock");
    }

    private static Path errorsIn(Path directory) {
        return directory.resolve("errors");
    }

    boolean isOpen() {
        return process.isAlive();
    }

    /** The socket is there as soon as somebody is let in; whether an engine answers at its other end is found out by using it. */
    private void awaitOpen() throws IOException {
        long end = System.nanoTime() + LONGEST_WAIT_NANOS;
        while (!Files.exists(socket())) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException(problem());
            }
            try {
                process.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    private String problem() throws IOException {
        String said =
                Files.readString(errorsIn(directory), StandardCharsets.UTF_8).strip();
        String last = said.substring(said.lastIndexOf('\n') + 1).strip();
        return last.isEmpty() ? "ssh did not let us in" : "ssh said: " + last.replaceFirst("\\.$", "");
    }

    @Override
    public void close() {
        process.destroy();
        remove(directory);
    }

    private static void remove(Path directory) {
        try {
            for (Path file : List.of(socketIn(directory), errorsIn(directory), directory)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + directory + "'.", e);
        }
    }
}
