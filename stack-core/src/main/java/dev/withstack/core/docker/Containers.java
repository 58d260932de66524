package dev.withstack.core.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Make calls on containers. A container is named by its id, a unique beginning of it, or its name.
 *
 * <p>What may be thrown stands at {@link DockerEngine}.
 */
public final class Containers {

    private final EngineClient client;

    Containers(EngineClient client) {
        this.client = client;
    }

    /** Which containers a list shows. */
    public enum Scope {
        /** Those that run. */
        RUNNING,
        /** Those that ended or never began, too. */
        ALL
    }

    /** How a container is removed. */
    public enum Force {
        /** Only if it does not run. */
        NONE,
        /** Killed first if it runs. */
        KILL
    }

    /** What becomes of the volumes without a name that a removed container had. */
    public enum AnonymousVolumes {
        KEEP,
        REMOVE
    }

    /** List containers, newest first as the engine does. */
    public List<ContainerSummary> list(Scope scope, LabelFilter filter) {
        Call call = filter.addTo(Call.get("/containers/json"));
        if (scope == Scope.ALL) {
            call.query("all", "1");
        }
        List<ContainerSummary> containers = new ArrayList<>();
        for (JsonObject json : client.objects(call)) {
            containers.add(ContainerSummary.of(json));
        }
        return containers;
    }

    /** Return all that the engine knows of the container. */
    public ContainerDetails inspect(String container) {
        return ContainerDetails.of(client.object(Call.get(path(container, "/json"))));
    }

    /** Return all that the engine knows of the container; empty if there is none of that name. */
    public Optional<ContainerDetails> find(String container) {
        try {
            return Optional.of(inspect(container));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    /**
     * Create a container, not started.
     *
     * @param spec the body of the engine's {@code POST /containers/create}: maps, lists, texts, numbers, booleans
     * @throws NotFoundException if the image is not there
     * @throws ConflictException if the name is in use
     */
    public CreatedContainer create(String name, Map<String, ?> spec) {
        JsonObject json = client.object(
                Call.post("/containers/create").query("name", name).json(spec));
        return new CreatedContainer(json.text("Id"), json.texts("Warnings"));
    }

    /** Start the container; no change if it runs. */
    public void start(String container) {
        client.run(Call.post(path(container, "/start")));
    }

    /** Send its stop signal and, when it goes on longer than that, kill it; return when it has ended. */
    public void stop(String container, Duration grace) {
        client.run(
                Call.post(path(container, "/stop")).query("t", seconds(grace)).waits(grace));
    }

    /**
     * Freeze all its processes.
     *
     * @throws ConflictException if it does not run, or is paused already
     */
    public void pause(String container) {
        client.run(Call.post(path(container, "/pause")));
    }

    /** Let a paused one go on. */
    public void unpause(String container) {
        client.run(Call.post(path(container, "/unpause")));
    }

    /** Return what the container uses, measured over a second; empty if it does not run. */
    public Optional<ContainerUsage> usage(String container) {
        return ContainerUsage.of(
                client.object(Call.get(path(container, "/stats")).query("stream", "0")));
    }

    /** Stop and start it. */
    public void restart(String container, Duration grace) {
        client.run(Call.post(path(container, "/restart"))
                .query("t", seconds(grace))
                .waits(grace));
    }

    /**
     * Send a signal to its first process.
     *
     * @param signal {@code SIGKILL}, {@code SIGTERM}, {@code SIGHUP}, ...
     * @throws ConflictException if it does not run
     */
    public void kill(String container, String signal) {
        client.run(Call.post(path(container, "/kill")).query("signal", signal));
    }

    /**
     * Remove the container.
     *
     * @throws ConflictException if it runs and is not to be killed, or is being removed by someone else
     */
    public void remove(String container, Force force, AnonymousVolumes volumes) {
        client.run(Call.delete(path(container, ""))
                .query("force", force == Force.KILL ? "1" : "0")
                .query("v", volumes == AnonymousVolumes.REMOVE ? "1" : "0"));
    }

    /** Give it another name. */
    public void rename(String container, String name) {
        client.run(Call.post(path(container, "/rename")).query("name", name));
    }

    /**
     * Begin to wait for its end.
     *
     * <p>On return the engine is waiting: with {@link ExitCondition#NEXT_EXIT} the container may be started then and
     * its end is not missed.
     */
    public ExitWatch watchExit(String container, ExitCondition condition) {
        Call call = Call.post(path(container, "/wait"))
                .query("condition", condition.word())
                .endless();
        return new ExitWatch(client, call, client.open(call));
    }

    /** Read its log as it is now; lines reach the consumer on this thread. */
    public void logs(String container, LogQuery query, Consumer<? super LogLine> consumer) {
        Call call = query.addTo(Call.get(path(container, "/logs")));
        try (Response response = client.open(call)) {
            readLog(response, terminal(container, response), consumer);
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    /** Read its log and go on until it ends or the returned handle is closed. */
    public Follow followLogs(String container, LogQuery query, StreamListener<LogLine> listener) {
        Call call = query.addTo(Call.get(path(container, "/logs")))
                .query("follow", "1")
                .endless();
        Response response = client.open(call);
        try {
            Frame frame = terminal(container, response);
            return Follow.start(client, call, response, () -> readLog(response, frame, listener::next), listener);
        } catch (RuntimeException e) {
            response.close();
            throw e;
        }
    }

    private enum Frame {
        FRAMES,
        RAW
    }

    /** Tell whether the log has frames: since API 1.42 the answer says, before it only the container knows. */
    private Frame terminal(String container, Response response) {
        String type = response.header("content-type");
        if (type.contains("multiplexed-stream")) {
            return Frame.FRAMES;
        }
        if (client.minorVersion() >= 42) {
            return type.contains("raw-stream") ? Frame.RAW : Frame.FRAMES;
        }
        return inspect(container).config().terminal() ? Frame.RAW : Frame.FRAMES;
    }

    private static void readLog(InputStream source, Frame frame, Consumer<? super LogLine> consumer)
            throws IOException {
        LogLines stdout = new LogLines(LogLine.Stream.STDOUT, consumer);
        if (frame == Frame.RAW) {
            Frames.readRaw(source, (stream, bytes, offset, length) -> stdout.raw(bytes, offset, length));
            stdout.rawEnd();
            return;
        }
        LogLines stderr = new LogLines(LogLine.Stream.STDERR, consumer);
        Frames.readAll(source, (stream, bytes, offset, length) -> (stream == LogLine.Stream.STDOUT ? stdout : stderr)
                .message(bytes, offset, length));
        stdout.end();
        stderr.end();
    }

    /**
     * Run a command in the running container and return what it wrote and how it ended.
     *
     * @throws ConflictException if the container does not run
     * @throws ExecTimeoutException if the command goes on longer than it may
     */
    public ExecResult exec(String container, ExecCommand command) {
        return new Exec(client, container, command).run();
    }

    /**
     * Run a command in the running container, its input read from one stream and its output written to another as it
     * comes. The end of the input is not handed on: the command has to know how much it is to read.
     *
     * @return how it ended; of its output only what it wrote to its standard error
     * @throws java.io.UncheckedIOException what the two streams throw; the command is cut off then
     */
    public ExecResult pipe(String container, ExecCommand command, InputStream input, OutputStream output) {
        return new PipedExec(client, container, command, input, output).run();
    }

    /** Put files into a directory of the container, which must be there; the container need not run. */
    public void copyInto(String container, String directory, List<ContainerFile> files) {
        writeArchive(container, directory, new java.io.ByteArrayInputStream(Tar.archive(files)));
    }

    /**
     * Read one file of the container, which need not run.
     *
     * @throws NotFoundException if there is none
     * @throws IllegalArgumentException if it is no file, or larger than {@code limit} bytes
     */
    public byte[] readFile(String container, String path, int limit) {
        String at = path;
        for (int hops = 0; hops < 8; hops++) {
            Call call = archive(container, at);
            try (Response response = client.open(call)) {
                Tar.Entry entry = Tar.first(response, at, limit);
                if (entry.linkTarget().isEmpty()) {
                    response.readAllBytes();
                    return entry.content();
                }
                at = besides(at, entry.linkTarget());
            } catch (IOException e) {
                throw client.failure(e, call);
            }
        }
        throw new IllegalArgumentException("'" + path + "' in container '" + container + "' is a link in a circle");
    }

    /** Return where a symbolic link of the container leads, which need not run; empty if there is no such link. */
    public Optional<String> readLink(String container, String path) {
        Call call = archive(container, path);
        try (Response response = client.open(call)) {
            String target = Tar.first(response, path, 0).linkTarget();
            return target.isEmpty() ? Optional.empty() : Optional.of(target);
        } catch (NotFoundException | IllegalArgumentException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    /** Put a symbolic link into a directory of the container, which must be there; the container need not run. */
    public void link(String container, String directory, String name, String target) {
        writeArchive(container, directory, new java.io.ByteArrayInputStream(Tar.link(name, target)));
    }

    /** Resolve a link as the container would; the engine takes care of dots. */
    private static String besides(String path, String target) {
        return target.startsWith("/") ? target : path.substring(0, path.lastIndexOf('/') + 1) + target;
    }

    /** Unpack a tar archive into a directory of the container, which must be there; the caller closes the stream. */
    public void writeArchive(String container, String directory, InputStream tar) {
        client.run(Call.put(path(container, "/archive")).query("path", directory).stream(tar, "application/x-tar"));
    }

    /** Read a file or directory of the container as a tar archive; the caller closes the stream. */
    public InputStream readArchive(String container, String path) {
        return client.open(archive(container, path));
    }

    private static Call archive(String container, String path) {
        return Call.get(path(container, "/archive")).query("path", path);
    }

    private static String path(String container, String after) {
        return Call.path("/containers/", container, after);
    }

    private static String seconds(Duration grace) {
        return Long.toString((grace.toMillis() + 999) / 1000);
    }
}
