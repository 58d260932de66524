package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ConflictException;
import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.ContainerState;
import dev.withstack.core.docker.Containers.AnonymousVolumes;
import dev.withstack.core.docker.Containers.Force;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.DockerException;
import dev.withstack.core.docker.EngineException;
import dev.withstack.core.docker.ExecCommand;
import dev.withstack.core.docker.NotFoundException;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.InitialData;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries out the steps of a plan on an engine, one at a time; several threads may each carry out theirs. What fails is an
 * {@link EngineException}, or a {@link DriverException} where more is known about why.
 */
final class StepRunner {
    private static final Duration USUAL_GRACE = Duration.ofSeconds(10);

    /**
     * How many containers may be on their way out of their networks at a time: an engine of version 20.10 that was asked for 32
     * removals at once has locked itself up for good. Stops mostly wait for the service.
     */
    private static final int STOPS_AT_ONCE = 16;

    private static final int REMOVALS_AT_ONCE = 4;

    private final Turns stops = new Turns(STOPS_AT_ONCE);
    private final Turns removals = new Turns(REMOVALS_AT_ONCE);
    private final DockerEngine engine;
    private final ImageChooser chooser;
    private final ImageBuilder builder;
    private final ProvidedContainers provided;
    private final KeptData kept;

    StepRunner(
            DockerEngine engine,
            ImageChooser chooser,
            ImageBuilder builder,
            ProvidedContainers provided,
            KeptData kept) {
        this.engine = engine;
        this.chooser = chooser;
        this.builder = builder;
        this.provided = provided;
        this.kept = kept;
    }

    void perform(Step step, StackDefinition definition, Observed observed, Consumer<String> progress)
            throws InterruptedException {
        if (step instanceof Step.PullImage pull) {
            switch (pull.pull()) {
                case WHEN_ABSENT -> chooser.bring(pull.reference(), progress);
                case ALWAYS -> chooser.renew(pull.reference(), progress);
            }
        } else if (step instanceof Step.BuildImage build) {
            Service service = definition.service(build.service());
            builder.build(definition, service, (Source.Build) service.source(), build.layers(), progress);
        } else if (step instanceof Step.CreateNetwork network) {
            createNetwork(network.name(), definition);
        } else if (step instanceof Step.CreateVolume volume) {
            createVolume(volume, definition, observed);
        } else if (step instanceof Step.KeepInitialData keeping) {
            Service service = definition.service(keeping.service());
            InitialData data = observed.initialData(service.name()).orElseThrow();
            new FirstStart(engine, kept, definition, service, image(service, observed), data).run();
        } else if (step instanceof Step.CreateContainer create) {
            createContainer(definition, definition.service(create.service()).coloured(create.colour()), observed);
        } else if (step instanceof Step.StartContainer start) {
            startContainer(definition, definition.service(start.service()), observed);
        } else if (step instanceof Step.StopContainer stop) {
            stops.take(() -> stopContainer(stop.containerId()));
        } else if (step instanceof Step.RemoveContainer remove) {
            removals.take(() -> removeContainer(remove.containerId()));
        } else if (step instanceof Step.SetAside aside) {
            engine.containers().rename(aside.containerId(), Labels.nameAside(definition.id(), aside.service()));
        } else if (step instanceof Step.RemoveReplaced replaced) {
            removals.take(() -> removeContainer(replaced.containerId()));
        } else if (step instanceof Step.BringBack back) {
            engine.containers().rename(back.containerId(), definition.id().containerName(back.service()));
        } else if (step instanceof Step.KeepReplaced keep) {
            engine.containers().rename(keep.containerId(), Labels.nameKept(definition.id(), keep.service()));
        } else if (step instanceof Step.TakeKept kept) {
            engine.containers().rename(kept.containerId(), definition.id().containerName(kept.service()));
        } else if (step instanceof Step.RunInside run) {
            runInside(definition.id().containerName(run.service()), run);
        } else if (step instanceof Step.LeadTo lead) {
            entryLink(definition, lead.service()).turnTo(lead.lineup(), lead.service());
        } else if (step instanceof Step.Drain drain) {
            entryLink(definition, drain.entry()).drain(drain.containerId(), drain.longest());
        } else if (step instanceof Step.StartAgain again) {
            provided.forget(definition.id(), again.service());
            engine.containers().start(again.containerId());
        } else if (step instanceof Step.RemoveVolume volume) {
            removeUnlessGone(() -> engine.volumes().remove(volume.name()));
        } else if (step instanceof Step.RemoveNetwork network) {
            removeUnlessGone(() -> removeNetwork(network.name(), definition.id()));
        } else {
            throw new IllegalArgumentException("'" + step.text() + "' is not for a driver to do.");
        }
    }

    private void runInside(String container, Step.RunInside run) {
        var result = engine.containers().exec(container, ExecCommand.of(run.command()));
        if (result.exitCode() != 0) {
            String said = (result.stdout() + result.stderr()).strip();
            throw new DriverException(
                    Kind.REFUSED,
                    "'" + String.join(" ", run.command()) + "' in " + run.service() + " ended with exit code "
                            + result.exitCode() + (said.isEmpty() ? "." : ": " + said),
                    "mend that, or leave the command out");
        }
    }

    private EntryLink entryLink(StackDefinition definition, String entry) {
        return new EntryLink(engine, definition.id().containerName(entry));
    }

    /** What is somebody else's stays, whoever takes it for the stack's. */
    private void removeNetwork(String name, StackId id) {
        if (!Labels.belongTo(id, engine.networks().inspect(name).labels())) {
            return;
        }
        try {
            engine.networks().remove(name);
        } catch (DockerException e) {
            if (!String.valueOf(e.getMessage()).contains("has active endpoints")) {
                throw e;
            }
            throw new DriverException(
                    Kind.REFUSED,
                    "the network '" + name + "' still counts containers as connected: " + e.getMessage(),
                    "see which: docker network inspect " + name
                            + "; if there are none, the engine has miscounted, and removes it after it was restarted",
                    e);
        }
    }

    private void createNetwork(String name, StackDefinition definition) {
        try {
            engine.networks().create(name, NetworkSpec.create(definition, name));
        } catch (ConflictException e) {
            throw new DriverException(
                    Kind.REFUSED,
                    "A network that is not part of this stack is called '" + name + "' already.",
                    "rename it, or remove it when nothing uses it: docker network rm " + name,
                    e);
        }
    }

    private void createVolume(Step.CreateVolume volume, StackDefinition definition, Observed observed) {
        Map<String, String> labels = Labels.of(definition.id());
        labels.put(Labels.SERVICE, volume.service());
        labels.put(Labels.LINEAGE, volume.lineage());
        VolumeMount.Driver driver = driverOf(volume, definition);
        if (!driver.equals(VolumeMount.Driver.USUAL)) {
            engine.volumes()
                    .made(
                            volume.name(),
                            Map.of("Labels", labels, "Driver", driver.name(), "DriverOpts", driver.options()));
            return;
        }
        String path =
                observed.initialData(volume.service()).map(InitialData::path).orElse("");
        kept.makeVolume(volume.name(), labels, volume.initial(), path);
    }

    private static VolumeMount.Driver driverOf(Step.CreateVolume volume, StackDefinition definition) {
        return definition.service(volume.service()).volumes().stream()
                .filter(mount -> mount.nameIn(definition.id()).equals(volume.name()))
                .map(VolumeMount::driver)
                .findFirst()
                .orElse(VolumeMount.Driver.USUAL);
    }

    private void createContainer(StackDefinition definition, Service service, Observed observed) {
        if (service.source() instanceof Source.Provided) {
            // Testcontainers creates and starts in one go
            provided.prepare();
            return;
        }
        ProjectFiles.makeOutputs(service);
        ContainerSpec spec =
                new ContainerSpec(definition, service, image(service, observed), observed.initialData(service.name()));
        String name = definition.id().containerName(service.name());
        try {
            String container = engine.containers().create(name, spec.create()).id();
            equip(container, spec);
        } catch (ConflictException e) {
            throw new DriverException(
                    Kind.REFUSED,
                    "A container that is not part of this stack is called '" + name + "' already.",
                    "rename or remove it: docker rm " + name,
                    e);
        }
    }

    /** Half of it must not be taken for the whole later on. */
    private void equip(String container, ContainerSpec spec) {
        try {
            spec.outfit().give(engine, container);
        } catch (RuntimeException e) {
            try {
                removeContainer(container);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void startContainer(StackDefinition definition, Service service, Observed observed)
            throws InterruptedException {
        String name = definition.id().containerName(service.name());
        boolean wasPaused = observed.container(service.name())
                .map(container -> container.state() == Observed.State.PAUSED)
                .orElse(false);
        if (!wasPaused && !(service.source() instanceof Source.Provided)) {
            start(service, name);
            return;
        }
        Optional<ContainerDetails> existing = engine.containers().find(name);
        if (existing.isEmpty() && service.source() instanceof Source.Provided source) {
            provided.start(definition, service, source, image(service, observed));
        } else if (existing.map(container -> container.state().state() == ContainerState.PAUSED)
                .orElse(false)) {
            engine.containers().unpause(name);
        } else {
            provided.forget(definition.id(), service.name());
            start(service, name);
        }
    }

    private void start(Service service, String name) {
        try {
            engine.containers().start(name);
        } catch (NotFoundException e) {
            throw e;
        } catch (DockerException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("port is already allocated") || message.contains("address already in use")) {
                throw new DriverException(
                        Kind.PORT,
                        "a port of '" + service.name() + "' was taken while it was being started: " + message,
                        "start with --auto-ports, or free the port",
                        e);
            }
            throw commandFailure(service, message, e).orElseThrow(() -> e);
        }
    }

    /** The engine wraps what it has to say of a command that can't be run in the names of its own parts. */
    private static Optional<DriverException> commandFailure(Service service, String message, DockerException cause) {
        int exec = message.indexOf("exec: \"");
        int end = message.indexOf('"', exec + 7);
        if (exec < 0 || end < 0) {
            return Optional.empty();
        }
        String command = message.substring(exec + 7, end);
        String why = message.contains("executable file not found") || message.contains("no such file or directory")
                ? "was not found in the image"
                : "can't be run: "
                        + message.substring(end + 1).replaceFirst("^: ", "").replaceFirst(": unknown.*", "");
        return Optional.of(new DriverException(
                Kind.REFUSED,
                "the command '" + command + "' " + why + ".",
                "check the command of '" + service.name() + "', or take another image: " + service.variable("IMAGE"),
                cause));
    }

    private void stopContainer(String id) {
        try {
            Optional<ContainerDetails> container = engine.containers().find(id);
            if (container
                    .map(one -> one.state().state() == ContainerState.PAUSED)
                    .orElse(false)) {
                engine.containers().unpause(id);
            }
            Duration grace =
                    container.flatMap(one -> one.config().stopTimeout()).orElse(USUAL_GRACE);
            engine.containers().stop(id, grace);
        } catch (NotFoundException e) {
            // gone already: what was wanted
        }
    }

    private void removeContainer(String id) {
        try {
            engine.containers().remove(id, Force.KILL, AnonymousVolumes.REMOVE);
        } catch (NotFoundException e) {
            // gone already: what was wanted
        } catch (ConflictException e) {
            if (!String.valueOf(e.getMessage()).contains("already in progress")) {
                throw e;
            }
        }
    }

    private static void removeUnlessGone(Runnable removal) {
        try {
            removal.run();
        } catch (NotFoundException e) {
            // gone already: what was wanted
        }
    }

    private static ImageUse image(Service service, Observed observed) {
        ImageUse image = observed.images().get(service.name());
        if (image == null) {
            throw new IllegalStateException("The image of '" + service.name() + "' was not observed.");
        }
        return image;
    }
}
