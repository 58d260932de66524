package dev.withstack.core.driver.container;

import com.github.dockerjava.api.DockerClient;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineEvent;
import dev.withstack.core.docker.EventFilter;
import dev.withstack.core.docker.Follow;
import dev.withstack.core.docker.StreamEnd;
import dev.withstack.core.docker.StreamListener;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategyTarget;

/**
 * One start of a container by Testcontainers, on a thread of its own. Thread-safe.
 *
 * <p>Testcontainers notices late or never that a container has died, and then removes it with its log. So the engine's
 * events decide: the start counts as begun with the container's main process, and when that ends Testcontainers is made
 * to let go of the container, which is then looked at and removed like any other.
 */
final class ProvidedStart {
    private static final Duration FIRST_TURN = Duration.ofSeconds(1);
    private static final Duration LONGEST_TURN = Duration.ofSeconds(8);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Pattern ENGINE_SAYS = Pattern.compile("^Status \\d+: \\{\"message\":\"(.*)\"}\\s*$");

    private final DockerEngine engine;
    private final StackId id;
    private final Service service;
    private final GenericContainer<?> container;
    private final Consumer<String> beforeStart;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private volatile Answer answer = new Answer.NotReady("Testcontainers is starting it");
    private volatile boolean hasBegun;
    private volatile @Nullable Throwable failure;

    /** @param beforeStart is told the id of the container between its creation and its start */
    ProvidedStart(
            DockerEngine engine,
            StackId id,
            Service service,
            GenericContainer<?> container,
            Consumer<String> beforeStart) {
        this.engine = engine;
        this.id = id;
        this.service = service;
        this.container = container;
        this.beforeStart = beforeStart;
    }

    /**
     * Begin the start and return when the container's main process has begun.
     *
     * @throws DriverException if it can't
     */
    void begin() throws InterruptedException {
        container.setWaitStrategy(waitStrategy());
        Innards.client(container, this::untilLetGo);
        Follow events = engine.events(
                EventFilter.labelled(Labels.filter(id).and(Labels.SERVICE, service.name()))
                        .types("container")
                        .actions("start", "die"),
                new Events());
        Thread thread = new Thread(() -> start(events), "withstack-start " + service.name());
        thread.setDaemon(true);
        thread.start();
        begun.await();
        Throwable failed = failure;
        if (failed != null && !hasBegun) {
            throw refusal(failed);
        }
    }

    /** Return what Testcontainers says of the container. */
    Answer answer() {
        return answer;
    }

    /** Leave the container as it is: Testcontainers has no more to do with it. */
    void letGo() {
        letGo.countDown();
    }

    private void start(Follow events) {
        try (events) {
            container.start();
            answer = Answer.READY;
        } catch (LetGo e) {
            // whoever made it let go has said why
        } catch (RuntimeException | Error e) {
            failure = e;
            answer = new Answer.Hopeless("Testcontainers says: " + reasonOf(e), "");
        } finally {
            begun.countDown();
        }
    }

    private WaitStrategy waitStrategy() {
        WaitStrategy own = Innards.waitStrategyOf(container);
        return PostgresOwn.of(container, own)
                .<WaitStrategy>map(Asking::new)
                .orElseGet(() -> own == null ? new AtOnce() : new InTurns(own));
    }

    /** Return a client by which the container can make no more calls once it is let go. */
    private DockerClient untilLetGo(DockerClient client) {
        return (DockerClient) Proxy.newProxyInstance(
                DockerClient.class.getClassLoader(),
                new Class<?>[] {DockerClient.class},
                (proxy, method, arguments) -> call(client, method, arguments));
    }

    private @Nullable Object call(DockerClient client, Method method, Object @Nullable [] arguments) throws Throwable {
        if (isLetGo()) {
            throw new LetGo();
        }
        if (method.getName().equals("startContainerCmd") && arguments != null) {
            beforeStart.accept((String) arguments[0]);
        }
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private boolean isLetGo() {
        return letGo.getCount() == 0;
    }

    /** An error, as Testcontainers takes every exception for its own to handle: by logging it and removing the container. */
    private static final class LetGo extends Error {
        private static final long serialVersionUID = 1L;

        LetGo() {
            super("let go", null, false, false);
        }
    }

    private final class Events implements StreamListener<EngineEvent> {
        @Override
        public void next(EngineEvent event) {
            hasBegun = true;
            if (event.action().equals("die")) {
                letGo();
            }
            begun.countDown();
        }

        @Override
        public void ended(StreamEnd end) {
            if (end.reason() != StreamEnd.Reason.CLOSED) {
                begun.countDown();
            }
        }
    }

    /** Waits on Testcontainers' thread, so that what the container does after its start is done when it is ready. */
    private abstract class Waiting implements WaitStrategy {
        @Override
        public final void waitUntilReady(WaitStrategyTarget target) {
            Duration turn = FIRST_TURN;
            while (!(answer instanceof Answer.Hopeless)) {
                Answer found = ask(target, turn);
                if (isLetGo()) {
                    throw new LetGo();
                } else if (found instanceof Answer.Ready) {
                    return;
                }
                answer = found;
                turn = turn.multipliedBy(2).compareTo(LONGEST_TURN) < 0 ? turn.multipliedBy(2) : LONGEST_TURN;
            }
            throw new LetGo();
        }

        abstract Answer ask(WaitStrategyTarget target, Duration turn);

        @Override
        public final WaitStrategy withStartupTimeout(Duration timeout) {
            return this;
        }
    }

    /** Asks the container's own strategy in turns, so that it does not outlive its container for long. */
    private final class InTurns extends Waiting {
        private final WaitStrategy own;

        InTurns(WaitStrategy own) {
            this.own = own;
        }

        @Override
        Answer ask(WaitStrategyTarget target, Duration turn) {
            long began = System.nanoTime();
            try {
                limited(turn).waitUntilReady(target);
                return Answer.READY;
            } catch (RuntimeException e) {
                String reason = "its own wait strategy says: " + e.getMessage();
                boolean wasCutShort = System.nanoTime() - began < turn.toNanos() / 2;
                return wasCutShort ? new Answer.Hopeless(reason, "") : new Answer.NotReady(reason);
            }
        }

        /** Some combinations of strategies have a time of their own and refuse another. */
        private WaitStrategy limited(Duration turn) {
            try {
                return own.withStartupTimeout(turn);
            } catch (RuntimeException e) {
                return own;
            }
        }
    }

    /** Asks a question of ours, often. */
    private final class Asking extends Waiting {
        private final PostgresOwn question;

        Asking(PostgresOwn question) {
            this.question = question;
        }

        @Override
        Answer ask(WaitStrategyTarget target, Duration turn) {
            try {
                Answer found = question.ask();
                boolean isOver =
                        !(found instanceof Answer.NotReady) || letGo.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                return isOver ? found : new Answer.NotReady(found.text());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LetGo();
            }
        }
    }

    /** Ready as soon as it is asked. */
    private static final class AtOnce implements WaitStrategy {
        @Override
        public void waitUntilReady(WaitStrategyTarget target) {
            // nothing to wait for
        }

        @Override
        public WaitStrategy withStartupTimeout(Duration timeout) {
            return this;
        }
    }

    private DriverException refusal(Throwable failed) {
        String said = reasonOf(failed);
        if (said.contains("port is already allocated") || said.contains("address already in use")) {
            return new DriverException(
                    DriverException.Kind.PORT,
                    "a port of '" + service.name() + "' was taken while it was being started: " + said,
                    "start with --auto-ports, or free the port",
                    failed);
        }
        return new DriverException(
                DriverException.Kind.REFUSED,
                "Testcontainers could not start '" + service.name() + "': " + said,
                "",
                failed);
    }

    /** Return what is at the bottom of what Testcontainers wraps several times. */
    static String reasonOf(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String message = Optional.ofNullable(deepest.getMessage())
                .orElse(deepest.getClass().getSimpleName());
        Matcher engineSays = ENGINE_SAYS.matcher(message);
        return engineSays.matches() ? engineSays.group(1) : message;
    }
}
