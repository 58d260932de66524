package dev.withstack.core.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Run one command in a container with streams for its input and its output, neither of them kept. */
final class PipedExec {

    private static final int PIECE = 64 * 1024;

    private final EngineClient client;
    private final String container;
    private final ExecCommand command;
    private final InputStream input;
    private final OutputStream output;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final AtomicReference<@Nullable IOException> inputFailure = new AtomicReference<>();

    PipedExec(EngineClient client, String container, ExecCommand command, InputStream input, OutputStream output) {
        this.client = client;
        this.container = container;
        this.command = command;
        this.input = input;
        this.output = output;
    }

    ExecResult run() {
        Call create =
                Call.post(Call.path("/containers/", container, "/exec")).json(command.json(ExecCommand.Input.ATTACHED));
        String id = client.object(create).text("Id");
        Call start = Call.post("/exec/" + id + "/start")
                .header("Connection", "Upgrade")
                .header("Upgrade", "tcp")
                .json(Map.of("Detach", false, "Tty", false))
                .endless();
        try (Response response = client.open(start)) {
            feed(response);
            Frames.readAll(response, this::take);
        } catch (IOException e) {
            rethrowInputFailure();
            throw client.failure(e, start);
        }
        rethrowInputFailure();
        return new ExecResult(Exec.exitCode(client, id), "", errors.toString(StandardCharsets.UTF_8), false);
    }

    /** Write on a thread of its own: a command that nobody listens to while it is being told something would block both. */
    private void feed(Response response) {
        Thread feeder = new Thread(() -> copy(response), "feed " + container);
        feeder.setDaemon(true);
        feeder.start();
    }

    private void copy(Response response) {
        byte[] piece = new byte[PIECE];
        for (int count = read(piece, response); count >= 0; count = read(piece, response)) {
            try {
                response.connection().write(piece, 0, count);
            } catch (IOException e) {
                // the command has ended before it had read everything: its exit code and its errors say why
                return;
            }
        }
    }

    /** A command that waits for what can't be read would wait for ever. */
    private int read(byte[] piece, Response response) {
        try {
            return input.read(piece);
        } catch (IOException e) {
            inputFailure.set(e);
            response.close();
            return -1;
        }
    }

    private void rethrowInputFailure() {
        IOException failure = inputFailure.get();
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }

    private void take(LogLine.Stream stream, byte[] bytes, int offset, int length) {
        if (stream == LogLine.Stream.STDERR) {
            errors.write(bytes, offset, Math.min(length, Math.max(0, command.outputLimit() - errors.size())));
            return;
        }
        try {
            output.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
