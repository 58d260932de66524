package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Frostbyte brought up by one {@code start} in the directory of the sample applications, once for all test classes that
 * look at it. It has the documents' names and ports unless another copy has them already; then it is a copy with others.
 */
final class WholeStack implements BeforeAllCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(WholeStack.class);

    private Optional<Begun> begun = Optional.empty();

    @Override
    public void beforeAll(ExtensionContext context) {
        begun = Optional.of(context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Begun.class, unused -> Begun.begin(), Begun.class));
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

    Launcher launcher() {
        return begun().launcher;
    }

    /** Return the run that brought it up, which printed its events. */
    Run start() {
        return begun().start;
    }

    Ports ports() {
        return begun().ports;
    }

    boolean hasDocumentedNames() {
        return ports().equals(Ports.DOCUMENTED);
    }

    Servers servers() {
        return new Servers(ports());
    }

    Api api() {
        return new Api(ports().api(), "");
    }

    /** Return the name of a service's container. */
    String container(String service) {
        return launcher().prefix("dev") + "-" + service;
    }

    /** Run a command to its end and see that it went well. */
    Run run(String... arguments) throws InterruptedException {
        Run run = launcher().run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }

    private Begun begun() {
        return begun.orElseThrow(() -> new IllegalStateException("Register this in a static field."));
    }

    /** The one that all classes share; closed by JUnit after the last of them. */
    private static final class Begun implements AutoCloseable {
        private final Launcher launcher;
        private final Ports ports;
        private final Run start;

        private Begun(Launcher launcher, Ports ports, Run start) {
            this.launcher = launcher;
            this.ports = ports;
            this.start = start;
        }

        static Begun begin() {
            Launcher launcher = Launcher.create();
            try {
                launcher.open();
                launcher.in(Launcher.samples().resolve("frostbyte"));
                boolean isAlone = Docker.containers("frostbyte-dev").isEmpty()
                        && Docker.run("volume", "ls", "--quiet", "--filter", "label=dev.withstack.stack=frostbyte")
                                .lines()
                                .noneMatch(name -> name.endsWith("_data"))
                        && Ports.DOCUMENTED.areFree();
                Ports ports = isAlone ? Ports.DOCUMENTED : Ports.free();
                if (isAlone) {
                    launcher.withoutInstance();
                } else {
                    ports.use(launcher);
                }
                return new Begun(launcher, ports, launcher.run("start", "--output", "json"));
            } catch (Exception e) {
                throw new AssertionError("The stack can't be brought up.", e);
            }
        }

        void failIfNotUp() {
            if (start.exitCode() != 0) {
                try {
                    launcher.keep("WholeStack");
                } catch (Exception e) {
                    throw new AssertionError(start.toString(), e);
                }
                throw new AssertionError(start.toString());
            }
        }

        @Override
        public void close() throws Exception {
            launcher.close();
        }
    }
}
