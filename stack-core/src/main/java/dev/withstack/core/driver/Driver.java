package dev.withstack.core.driver;

import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Step;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Starts, stops and watches the services of stacks on one host. Decides nothing: what is to be done stands in the
 * {@link Plan}. Implementations are thread-safe; whoever opened a driver closes it.
 *
 * <p>Every method throws {@link DriverException} when the host refuses or can't be reached.
 */
public interface Driver extends AutoCloseable {

    /** Return what the driver works on, for people: engine, version, and why that one. */
    String describe();

    /** Return the environment by which another process opens the same; empty if none can. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** Return what the machine has that containers run on; empty if it does not tell. */
    default Optional<Capacity> capacity() {
        return Optional.empty();
    }

    /** Return what a person who starts a stack should know of this engine, if there is something. */
    default Optional<String> caveat() {
        return Optional.empty();
    }

    /**
     * Look at what the services take from the project, and return the stack with that settled: which files are copied,
     * and where the directories are that containers see.
     *
     * @throws dev.withstack.core.plan.PlanRefusedException if something that a service needs is not there
     */
    default StackDefinition settled(StackDefinition definition, Collection<String> services) {
        return definition;
    }

    /**
     * Return the stack in which services without a health check are asked by that of their image, where it has one.
     *
     * @param observed with the images that are there
     */
    default StackDefinition withChecksOfImages(StackDefinition definition, Observed observed) {
        return definition;
    }

    /** Look at what is there of the stack, its images and the host ports it wants among it. */
    Observed observe(StackDefinition definition, Collection<String> services);

    /** Look at what is there of the stack by labels alone, without its definition: no images, no ports. */
    Observed observe(StackId id);

    /** Return the digests, {@code sha256:…}, by which registries know the image; none if it was never in one. */
    default List<String> digests(String image) {
        return List.of();
    }

    /**
     * Remove the images that were built of the stack's services, or keep their initial data, in whichever environment; one that a container still uses
     * stays.
     *
     * @return the names of those removed
     */
    default List<String> removeBuiltImages(String stack) {
        return List.of();
    }

    /** Return the runs of any stack whose process has ended without taking them down. */
    default List<StackId> leftBehind() {
        return List.of();
    }

    /**
     * Do one step that changes something.
     *
     * @param definition what the stack should be
     * @param observed the snapshot that the plan was made from
     * @param progress is told in words how a long step goes on
     * @throws InterruptedException if the thread is interrupted; the step may be half done
     */
    void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException;

    /** Return how the running service can be asked whether it is ready. */
    ProbeTarget target(StackDefinition definition, Service service);

    /** Return the host by which ports that containers publish are reached from here. */
    default String host() {
        return Endpoint.LOOPBACK;
    }

    /** Return the addresses of the stack's endpoints as this host reaches them. */
    AddressBook hostAddresses(StackDefinition definition);

    /**
     * Tell the listener whenever a container of the stack starts, dies or changes its health, until closed. When this
     * returns, nothing that happens afterwards is missed.
     */
    Watch watch(StackId id, Consumer<ContainerEvent> listener);

    /**
     * Return what has happened to the stack's containers from then until now, oldest first, as far as the engine still
     * knows it.
     */
    default List<Happening> past(StackId id, Instant since) {
        return List.of();
    }

    /** Return what the running service uses just now; empty if that can't be told. May take a second or two. */
    default Optional<Usage> usage(StackId id, String service) {
        return Optional.empty();
    }

    /** Return who holds the port of this host, in words; empty if it is free, or the host is not ours to look at. */
    default Optional<String> portOwner(Endpoint.Fixed wanted) {
        return Optional.empty();
    }

    /** Return the launcher that keeps the stack's processes of this host, which end with it; empty if there is none. */
    default Optional<Lease> keeper(StackId id) {
        return Optional.empty();
    }

    /** Tell whether a process of this host that has ended was asked to. */
    default boolean wasAskedToEnd(StackId id, String service) {
        return false;
    }

    /** Return the lowest TCP port from the given one on that is free on the loopback address. */
    int freePort(int from);

    /** Look at why the service's container ended or what it does; empty if there is none. */
    default Optional<PostMortem> examine(StackId id, String service) {
        return examine(id, service, Optional.empty());
    }

    /**
     * Look at the same of a container whose main process has ended at that moment: the engine may have started it
     * again since, and what it has written since then is left out.
     */
    Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended);

    /**
     * Hand the service's log lines to the consumer, oldest first. Without following, all are handed over before this
     * returns.
     */
    Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer);

    /** Run a command in the service's container and wait for its end. */
    ExecResult exec(StackId id, String service, List<String> command, Duration timeout) throws InterruptedException;

    /**
     * Run a command in the service's container with streams for its input and its output, however much that is.
     *
     * @return how it ended; of its output only what it wrote to its standard error
     * @throws java.io.UncheckedIOException what the two streams throw; the command is cut off then
     */
    default ExecResult pipe(StackId id, String service, Pipe pipe) throws InterruptedException {
        throw new UnsupportedOperationException(describe() + " can't pipe to a command.");
    }

    /**
     * Write what a directory of the service's container holds as a tar archive; the container need not run.
     *
     * @throws java.io.UncheckedIOException what the stream throws
     */
    default void readFiles(StackId id, String service, String directory, OutputStream tar) {
        throw new UnsupportedOperationException(describe() + " can't read files.");
    }

    /**
     * Make a volume anew with the files of a tar archive, and write what it has then. No container may have it.
     *
     * @param like the volume whose labels it is given
     * @param image the id of one that is there, whichever
     * @throws java.io.UncheckedIOException what the streams throw
     */
    default void makeVolume(String volume, String like, String image, InputStream tar, OutputStream arrived) {
        throw new UnsupportedOperationException(describe() + " can't make volumes.");
    }

    /** Remove a volume with its data, if it is there. No container may have it. */
    default void removeVolume(String volume) {
        throw new UnsupportedOperationException(describe() + " can't remove volumes.");
    }

    /**
     * Do to the service's container what no plan does: to see how the others bear it.
     *
     * @throws DriverException if it has none, or its state does not allow it
     */
    default void disturb(StackDefinition definition, Service service, Disturbance disturbance) {
        throw new DriverException(
                DriverException.Kind.REFUSED,
                "'" + service.name() + "' is no container, and nothing else can be killed, paused or disconnected.",
                "choose a service that runs in a container");
    }

    @Override
    void close();

    /**
     * A command with streams. The end of the input is not handed on: the command has to know how much it is to read.
     *
     * @param environment variables beside the container's own
     */
    record Pipe(List<String> command, Map<String, String> environment, InputStream input, OutputStream output) {
        public Pipe {
            command = List.copyOf(command);
            environment = Ordered.copyOf(environment);
        }
    }

    /** What is done to a container without a plan. What is so already stays so. */
    enum Disturbance {
        KILL,
        PAUSE,
        RESUME,
        DISCONNECT,
        CONNECT
    }

    /** Something that goes on until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Which part of a log is wanted.
     *
     * @param tail at most this many of the last lines; negative for all
     * @param since leave out what is older
     * @param follow whether to go on until closed
     */
    record LogRequest(int tail, Optional<Instant> since, Follow follow) {
        /** Return a request for the last lines. */
        public static LogRequest last(int lines) {
            return new LogRequest(lines, Optional.empty(), Follow.NO);
        }
    }

    /** Whether a log is followed. */
    enum Follow {
        NO,
        YES
    }

    /** Something that has happened to a container of a stack. */
    record Happening(Instant at, ContainerEvent event) {}

    /**
     * What a service uses.
     *
     * @param cpus how many CPUs it kept busy during the last second
     * @param memoryBytes what it can't give back: without what the kernel keeps of files for it
     * @param memoryLimitBytes what it may use; the machine's memory where it has no limit
     * @param pids processes and threads
     */
    record Usage(double cpus, long memoryBytes, long memoryLimitBytes, int pids) {}

    /** A line of a service's log. */
    record LogLine(String service, Instant at, String text) {}

    /** What a command in a container answered. */
    record ExecResult(int exitCode, String stdout, String stderr) {}
}
