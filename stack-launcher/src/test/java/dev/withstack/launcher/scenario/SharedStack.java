package dev.withstack.launcher.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A stack brought up by one {@code start} in the directory of its sample applications, once for all test classes that
 * look at it, and taken down with its data when another stack is to be brought up or after the last of them. It has the
 * documents' names and ports unless another copy or somebody else has them already; then it is a copy with others. Whoever
 * changes it puts it back as it was.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final SharedStack stack = SharedStack.of("frostbyte", Map.of("REDIS_PORT", 6379));
 * }</pre>
 */
public final class SharedStack implements BeforeAllCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedStack.class);
    /** Images may have to be built, on a machine that has other things to do. */
    private static final Duration LONGEST_START = Duration.ofMinutes(15);

    private final String stack;
    private final Map<String, Integer> documentedPorts;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private boolean isInCopy;
    private Optional<Begun> begun = Optional.empty();

    private SharedStack(String stack, Map<String, Integer> documentedPorts) {
        this.stack = stack;
        this.documentedPorts = documentedPorts;
    }

    /**
     * Return the stack of this name; all classes that share it declare it alike.
     *
     * @param documentedPorts the setting of each port that it publishes, and the port that the document gives it
     */
    public static SharedStack of(String stack, Map<String, Integer> documentedPorts) {
        return new SharedStack(stack, documentedPorts);
    }

    /** Bring it up with this setting. */
    public SharedStack with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Bring it up in a copy of the sample applications, as it writes into its project. */
    public SharedStack inCopyOfSample() {
        isInCopy = true;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Place place = context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(Place.class);
        begun = Optional.of(place.filledBy(stack, this::begin));
        begun().failIfNotUp();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            launcher()
                    .keep(context.getRequiredTestClass().getSimpleName() + "."
                            + context.getRequiredTestMethod().getName());
        }
    }

    public Launcher launcher() {
        return begun().launcher;
    }

    /** Return the run that brought it up, which printed its events. */
    public Run start() {
        return begun().start;
    }

    /** Return the ports that it is reached at, by their settings. */
    public Map<String, Integer> ports() {
        return begun().ports;
    }

    /** Return the port that this setting gives. */
    public int port(String setting) {
        return ports().get(setting);
    }

    public boolean hasDocumentedNames() {
        return ports().equals(documentedPorts);
    }

    /** Return the name of a service's container. */
    public String container(String service) {
        return launcher().prefix("dev") + "-" + service;
    }

    /** Run a command to its end and see that it went well. */
    public Run run(String... arguments) throws InterruptedException {
        Run run = launcher().run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }

    private Begun begun() {
        return begun.orElseThrow(() -> new IllegalStateException("Register this in a static field."));
    }

    private Begun begin() {
        Launcher launcher = Launcher.of(stack);
        try {
            launcher.open();
            if (isInCopy) {
                launcher.inCopyOfSample(stack);
            } else {
                launcher.in(Launcher.samples().resolve(stack));
            }
            boolean isAlone = isAlone();
            if (isAlone) {
                launcher.withoutInstance();
            }
            Map<String, Integer> ports = isAlone ? documentedPorts : otherPorts();
            if (!isAlone) {
                ports.forEach((setting, port) -> launcher.environment(setting, port.toString()));
            }
            settings.forEach(launcher::environment);
            try (LiveRun live = launcher.begin("start", "--output", "json", "--timeout", "10m")) {
                live.input().close();
                return new Begun(stack, launcher, ports, live.await(LONGEST_START));
            }
        } catch (Exception e) {
            throw new AssertionError("The stack '" + stack + "' can't be brought up.", e);
        }
    }

    /** Tell whether nobody has the documents' names and ports. */
    private boolean isAlone() {
        return Docker.containers(stack + "-dev").isEmpty()
                && Docker.run("volume", "ls", "--quiet", "--filter", "label=dev.withstack.stack=" + stack)
                        .lines()
                        .noneMatch(name -> name.endsWith("_data"))
                && FreePorts.areFree(documentedPorts.values());
    }

    private Map<String, Integer> otherPorts() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        int next = FreePorts.inARow(documentedPorts.size());
        for (String setting : documentedPorts.keySet()) {
            ports.put(setting, next++);
        }
        return ports;
    }

    /** Where one stack runs at a time, as several want the same ports; closed by JUnit after the last class. */
    private static final class Place implements AutoCloseable {
        private Optional<Begun> up = Optional.empty();

        Begun filledBy(String stack, Supplier<Begun> begin) throws Exception {
            if (up.isEmpty() || !up.get().stack.equals(stack)) {
                close();
                up = Optional.of(begin.get());
            }
            return up.get();
        }

        @Override
        public void close() throws Exception {
            if (up.isPresent()) {
                up.get().launcher.close();
                up = Optional.empty();
            }
        }
    }

    /** The one that all classes share. */
    private record Begun(String stack, Launcher launcher, Map<String, Integer> ports, Run start) {

        void failIfNotUp() {
            if (start.exitCode() != 0) {
                try {
                    launcher.keep("SharedStack." + stack);
                } catch (Exception e) {
                    throw new AssertionError(start.toString(), e);
                }
                throw new AssertionError(start.toString());
            }
        }
    }
}
