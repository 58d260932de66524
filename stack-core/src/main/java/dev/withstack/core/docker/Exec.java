package dev.withstack.core.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Run one command in a container: create, start attached, read to the end, ask for the exit code. */
final class Exec {

    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(5);

    private final EngineClient client;
    private final String container;
    private final ExecCommand command;
    private final Output stdout;
    private final Output stderr;

    Exec(EngineClient client, String container, ExecCommand command) {
        this.client = client;
        this.container = container;
        this.command = command;
        this.stdout = new Output(command.outputLimit());
        this.stderr = new Output(command.outputLimit());
    }

    ExecResult run() {
        Call create = Call.post(Call.path("/containers/", container, "/exec")).json(command.json());
        String id = client.object(create).text("Id");
        attach(id);
        return new ExecResult(
                exitCode(client, id), stdout.text(), stderr.text(), stdout.truncated() || stderr.truncated());
    }

    private void attach(String id) {
        long start = System.nanoTime();
        Call call = Call.post("/exec/" + id + "/start")
                .header("Connection", "Upgrade")
                .header("Upgrade", "tcp")
                .json(Map.of("Detach", false, "Tty", false))
                .endless();
        try (Response response = client.open(call)) {
            Frames.readAll(new Patient(response, start), this::take);
        } catch (SocketTimeoutException e) {
            throw new ExecTimeoutException(
                    container, command.command(), command.timeout().orElseThrow(), stdout.text(), stderr.text());
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    private void take(LogLine.Stream stream, byte[] bytes, int offset, int length) {
        (stream == LogLine.Stream.STDOUT ? stdout : stderr).take(bytes, offset, length);
    }

    /** Ask for the exit code, which the engine may write down a moment after the streams have ended. */
    static int exitCode(EngineClient client, String id) {
        long start = System.nanoTime();
        long pause = 1_000_000;
        JsonObject state = client.object(Call.get("/exec/" + id + "/json"));
        while (state.flag("Running") && System.nanoTime() - start < LONGEST_SETTLING.toNanos()) {
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, 100_000_000);
            state = client.object(Call.get("/exec/" + id + "/json"));
        }
        return state.integer("ExitCode");
    }

    /** Read with what is left of the command's time. */
    private final class Patient extends java.io.FilterInputStream {

        private final Response response;
        private final long start;

        Patient(Response response, long start) {
            super(response);
            this.response = response;
            this.start = start;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            response.connection().timeoutMillis(remainingMillis());
            return super.read(target, offset, length);
        }

        private int remainingMillis() throws SocketTimeoutException {
            if (command.timeout().isEmpty()) {
                return Wire.FOREVER;
            }
            long remaining = command.timeout().get().toMillis() - (System.nanoTime() - start) / 1_000_000;
            if (remaining <= 0) {
                throw new SocketTimeoutException("timed out");
            }
            return (int) Math.min(remaining, Integer.MAX_VALUE);
        }
    }

    /** Keep the first bytes of a stream. */
    private static final class Output {

        private final int limit;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean truncated;

        Output(int limit) {
            this.limit = limit;
        }

        void take(byte[] bytes, int offset, int length) {
            int room = Math.min(length, limit - kept.size());
            kept.write(bytes, offset, room);
            truncated |= room < length;
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }

        boolean truncated() {
            return truncated;
        }
    }
}
