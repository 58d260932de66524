package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ConflictException;
import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.DockerException;
import dev.withstack.core.docker.EngineEvent;
import dev.withstack.core.docker.EventFilter;
import dev.withstack.core.docker.Follow;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.docker.StreamEnd;
import dev.withstack.core.docker.StreamListener;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.driver.Lease;
import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lets a service begin on an empty volume where nobody reaches it, stops it as it wants to be stopped, and keeps what it
 * has written. Should this process be killed meanwhile, its container is left behind as that of a test is.
 */
final class FirstStart {
    private static final long LARGEST = 512L << 20;
    private static final Duration PACE = Duration.ofMillis(300);
    private static final int RETRIES = 10_000;
    private static final String HEALTHY = "healthy";

    private final DockerEngine engine;
    private final KeptData kept;
    private final StackDefinition definition;
    private final Service service;
    private final ImageUse image;
    private final InitialData data;
    private final StackId id;

    FirstStart(
            DockerEngine engine,
            KeptData kept,
            StackDefinition definition,
            Service service,
            ImageUse image,
            InitialData data) {
        this.engine = engine;
        this.kept = kept;
        this.definition = definition;
        this.service = service;
        this.image = image;
        this.data = data;
        this.id = new StackId(definition.name(), Environment.TEST, "first-" + data.key());
    }

    /**
     * Keep the data.
     *
     * @throws DriverException if another process is about it, or there is nothing to be kept
     */
    void run() throws InterruptedException {
        String container = create();
        try {
            begin(container);
            stop(container);
            save(container);
        } catch (DriverException e) {
            kept.refuse(data, owner());
            throw e;
        } finally {
            remove(container);
        }
    }

    /** It goes with its data, also when this thread was interrupted. */
    private void remove(String container) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            engine.containers().remove(container, Force.KILL, AnonymousVolumes.REMOVE);
        } catch (NotFoundException | ConflictException e) {
            // somebody else removes it
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String owner() {
        return definition.name() + "/" + service.name();
    }

    private String create() {
        Map<String, String> labels = new LinkedHashMap<>(Labels.of(id));
        labels.put(Labels.SERVICE, service.name());
        Service watched = service.withoutVolumes().containerCheck(pressing(service.containerCheck()));
        ContainerSpec spec = new ContainerSpec(definition, watched, image, Optional.empty());
        String name = id.containerName(service.name());
        removeLeftBehind(name);
        String container = create(name, spec.createAlone(labels));
        writeFiles(spec, container);
        return container;
    }

    private String create(String name, Map<String, Object> spec) {
        try {
            return engine.containers().create(name, spec).id();
        } catch (ConflictException e) {
            throw new DriverException(Kind.REFUSED, "another process does so just now.", "", e);
        }
    }

    private static ContainerCheck pressing(Optional<ContainerCheck> check) {
        ContainerCheck own = check.orElseThrow();
        return new ContainerCheck(own.command(), PACE, own.timeout(), RETRIES, own.startPeriod());
    }

    private void writeFiles(ContainerSpec spec, String container) {
        try {
            spec.outfit().writeFiles(engine, container);
        } catch (RuntimeException e) {
            remove(container);
            throw e;
        }
    }

    private void removeLeftBehind(String name) {
        boolean isLeftBehind = engine.containers()
                .find(name)
                .map(container -> container.config().labels().getOrDefault(Labels.LEASE, ""))
                .flatMap(Lease::fromLabel)
                .map(lease -> lease.isOver(Lease.ofThisProcess()))
                .orElse(false);
        if (isLeftBehind) {
            remove(name);
        }
    }

    /** Wait for the container's own check, which is asked inside: nobody else is to be there. */
    private void begin(String container) throws InterruptedException {
        BlockingQueue<String> news = new LinkedBlockingQueue<>();
        EventFilter own =
                EventFilter.labelled(Labels.filter(id)).types("container").actions("die", "health_status");
        try (Follow events = engine.events(own, tellingOf(news))) {
            engine.containers().start(container);
            String first = news.poll(service.patience().toMillis(), TimeUnit.MILLISECONDS);
            if (first == null) {
                throw refused("it was not healthy within " + service.patience().toSeconds() + " s.");
            } else if (!first.equals(HEALTHY)) {
                throw refused(first);
            }
        }
    }

    private static StreamListener<EngineEvent> tellingOf(BlockingQueue<String> news) {
        return new StreamListener<>() {
            @Override
            public void next(EngineEvent event) {
                if (event.action().equals("die")) {
                    news.add("it exited with " + event.attributes().getOrDefault("exitCode", "0") + ".");
                } else if (event.detail().equals(HEALTHY)) {
                    news.add(HEALTHY);
                }
            }

            @Override
            public void ended(StreamEnd end) {
                news.add("the engine told no more of it.");
            }
        };
    }

    /** What a server has that was killed it would have to mend at each start. */
    private void stop(String container) {
        engine.containers().stop(container, service.stopPolicy().grace());
        ContainerDetails.State state = engine.containers().inspect(container).state();
        if (state.exitCode() != 0) {
            throw refused("it ended with " + state.exitCode() + " when it was asked to.");
        }
    }

    private void save(String container) {
        try (InputStream files = new Bounded(engine.containers().readArchive(container, data.path()))) {
            kept.keep(data, owner(), files);
        } catch (TooLargeException e) {
            throw refused(e.getMessage());
        } catch (IOException | DockerException e) {
            throw refused("what it has can't be read: " + e.getMessage());
        }
    }

    private static DriverException refused(@org.jspecify.annotations.Nullable String reason) {
        return new DriverException(Kind.REFUSED, String.valueOf(reason), "");
    }

    /** Says that there is more of it than a copy would be worth. */
    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("it is larger than " + (LARGEST >> 20) + " MB.");
        }
    }

    private static final class Bounded extends FilterInputStream {
        private long count;

        Bounded(InputStream source) {
            super(source);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            return counted(one < 0 ? 0 : 1, one);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            return counted(Math.max(0, read), read);
        }

        private int counted(int more, int result) {
            count += more;
            if (count > LARGEST) {
                throw new TooLargeException();
            }
            return result;
        }
    }
}
