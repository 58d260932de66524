package dev.withstack.core.driver.process;

import dev.withstack.core.driver.Capacity;
import dev.withstack.core.driver.ContainerEvent;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.Lease;
import dev.withstack.core.driver.PostMortem;
import dev.withstack.core.health.ProbeTarget;
import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One driver for all that a stack has: hands containers to one driver and processes of this host to another. Thread-safe. */
public final class HostDriver implements Driver {
    private final Driver containers;
    private final ProcessDriver processes;

    /**
     * @param containers is closed with this driver
     * @param project what the directories of processes are relative to
     * @param stateDirectory where is written which processes there are, and what they print
     * @param environment the process environment, which processes are given too
     */
    public HostDriver(
            Driver containers, Path project, Path stateDirectory, Map<String, String> environment, Clock clock) {
        this.containers = containers;
        this.processes = new ProcessDriver(containers, project, stateDirectory, environment, clock);
    }

    @Override
    public String describe() {
        return containers.describe();
    }

    @Override
    public Optional<Capacity> capacity() {
        return containers.capacity();
    }

    @Override
    public StackDefinition settled(StackDefinition definition, Collection<String> services) {
        return containers.settled(definition, services);
    }

    @Override
    public StackDefinition withChecksOfImages(StackDefinition definition, Observed observed) {
        return containers.withChecksOfImages(definition, observed);
    }

    @Override
    public Map<String, String> environment() {
        return containers.environment();
    }

    @Override
    public Optional<String> caveat() {
        return containers.caveat();
    }

    @Override
    public String host() {
        return containers.host();
    }

    @Override
    public Observed observe(StackDefinition definition, Collection<String> services) {
        List<String> ofHost = services.stream()
                .filter(name -> isProcess(definition.service(name)))
                .toList();
        List<String> ofEngine = new ArrayList<>(services);
        ofEngine.removeAll(ofHost);
        return containers.observe(definition, ofEngine).and(processes.observe(definition, ofHost));
    }

    @Override
    public Observed observe(StackId id) {
        return containers.observe(id).and(processes.observe(id));
    }

    private static boolean isProcess(Service service) {
        return service.source() instanceof Source.Process;
    }

    @Override
    public List<String> digests(String image) {
        return containers.digests(image);
    }

    @Override
    public List<String> removeBuiltImages(String stack) {
        return containers.removeBuiltImages(stack);
    }

    @Override
    public List<StackId> leftBehind() {
        return containers.leftBehind();
    }

    @Override
    public void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        (isForProcesses(step, definition) ? processes : containers).perform(step, definition, observed, progress);
    }

    private static boolean isForProcesses(Step step, StackDefinition definition) {
        if (step instanceof Step.CreateContainer create) {
            return isProcess(definition.service(create.service()));
        } else if (step instanceof Step.StartContainer start) {
            return isProcess(definition.service(start.service()));
        } else if (step instanceof Step.StopContainer stop) {
            return ProcessDriver.isProcess(stop.containerId());
        } else if (step instanceof Step.RemoveContainer remove) {
            return ProcessDriver.isProcess(remove.containerId());
        }
        return step instanceof Step.Prepare;
    }

    @Override
    public ProbeTarget target(StackDefinition definition, Service service) {
        return (isProcess(service) ? processes : containers).target(definition, service);
    }

    @Override
    public AddressBook hostAddresses(StackDefinition definition) {
        return processes.hostAddresses(definition);
    }

    @Override
    public Watch watch(StackId id, Consumer<ContainerEvent> listener) {
        Watch ofEngine = containers.watch(id, listener);
        Watch ofHost = processes.watch(id, listener);
        return () -> {
            ofHost.close();
            ofEngine.close();
        };
    }

    @Override
    public List<Happening> past(StackId id, Instant since) {
        return containers.past(id, since);
    }

    @Override
    public Optional<Usage> usage(StackId id, String service) {
        return of(id, service).usage(id, service);
    }

    @Override
    public Optional<String> portOwner(Endpoint.Fixed wanted) {
        return containers.portOwner(wanted);
    }

    @Override
    public Optional<Lease> keeper(StackId id) {
        return processes.keeper(id);
    }

    @Override
    public boolean wasAskedToEnd(StackId id, String service) {
        return processes.wasAskedToEnd(id, service);
    }

    @Override
    public int freePort(int from) {
        return containers.freePort(from);
    }

    @Override
    public Optional<PostMortem> examine(StackId id, String service, Optional<Instant> ended) {
        return of(id, service).examine(id, service, ended);
    }

    @Override
    public Watch logs(StackId id, String service, LogRequest request, Consumer<LogLine> consumer) {
        return of(id, service).logs(id, service, request, consumer);
    }

    @Override
    public ExecResult exec(StackId id, String service, List<String> command, Duration timeout)
            throws InterruptedException {
        return of(id, service).exec(id, service, command, timeout);
    }

    @Override
    public ExecResult pipe(StackId id, String service, Pipe pipe) throws InterruptedException {
        return of(id, service).pipe(id, service, pipe);
    }

    @Override
    public void readFiles(StackId id, String service, String directory, OutputStream tar) {
        of(id, service).readFiles(id, service, directory, tar);
    }

    @Override
    public void makeVolume(String volume, String like, String image, InputStream tar, OutputStream arrived) {
        containers.makeVolume(volume, like, image, tar, arrived);
    }

    @Override
    public void removeVolume(String volume) {
        containers.removeVolume(volume);
    }

    @Override
    public void disturb(StackDefinition definition, Service service, Disturbance disturbance) {
        (isProcess(service) ? processes : containers).disturb(definition, service, disturbance);
    }

    private Driver of(StackId id, String service) {
        return processes.knows(id, service) ? processes : containers;
    }

    /** Close both, the processes first: they work on what runs in containers. */
    @Override
    public void close() {
        try (Driver closingLast = containers) {
            processes.close();
        }
    }
}
