package dev.withstack.core.plan;

import dev.withstack.core.model.Lineup;
import java.time.Duration;
import java.util.List;

/** One thing to do; each is one call to the engine, or one wait. */
public sealed interface Step {

    /** A step that is about one service. */
    sealed interface OfService extends Step {
        String service();
    }

    /** Pull an image. */
    record PullImage(String service, String reference, Pull pull) implements OfService {
        /** Pull an image that the engine does not have. */
        public PullImage(String service, String reference) {
            this(service, reference, Pull.WHEN_ABSENT);
        }
    }

    /** Whether an image is pulled that the engine has. */
    enum Pull {
        WHEN_ABSENT,
        ALWAYS
    }

    /** Build an image from the user's source tree. */
    record BuildImage(String service, String directory, Layers layers) implements OfService {
        /** Build an image, with what earlier builds have left. */
        public BuildImage(String service, String directory) {
            this(service, directory, Layers.REUSED);
        }
    }

    /** Whether a build may use what earlier ones have left. */
    enum Layers {
        REUSED,
        MADE_ANEW
    }

    /** Bring about what a process of this host needs before it can run. */
    record Prepare(String service, String what) implements OfService {}

    /** Create a network of the stack. */
    record CreateNetwork(String name) implements Step {}

    /** Let a service begin on an empty volume, and keep what it has then, for this start and later ones. */
    record KeepInitialData(String service) implements OfService {}

    /**
     * Create a named volume, marked with what is going to write it.
     *
     * @param initial the id of the image that keeps what is in it at first; empty for an empty volume
     */
    record CreateVolume(String service, String name, String lineage, String initial) implements OfService {
        /** Create an empty one. */
        public CreateVolume(String service, String name, String lineage) {
            this(service, name, lineage, "");
        }
    }

    /** Create a service's container, without starting it. */
    record CreateContainer(String service, Lineup.Colour colour) implements OfService {
        /** Create a container of a service of which there is one version at a time. */
        public CreateContainer(String service) {
            this(service, Lineup.Colour.BLUE);
        }
    }

    /** Start a service's container. */
    record StartContainer(String service) implements OfService {}

    /** Wait until the service's probe says Ready. */
    record AwaitReady(String service) implements OfService {}

    /** Ask a container to end, and kill it when its grace is over. */
    record StopContainer(String service, String containerId) implements OfService {}

    /** Remove a stopped container. */
    record RemoveContainer(String service, String containerId) implements OfService {}

    /** Keep a stopped container under another name, until the one that replaces it has proven itself. */
    record SetAside(String service, String containerId) implements OfService {}

    /** Remove a container that was set aside: what replaces it has proven itself. */
    record RemoveReplaced(String service, String containerId) implements OfService {}

    /** Give a container that was set aside its own name again. */
    record BringBack(String service, String containerId) implements OfService {}

    /** Start a stopped container again, just as it is. */
    record StartAgain(String service, String containerId) implements OfService {}

    /** Keep a container that was replaced under a name of its own, as the way back. */
    record KeepReplaced(String service, String containerId) implements OfService {}

    /** Give a container that was kept its own name again, which must be free. */
    record TakeKept(String service, String containerId) implements OfService {}

    /** Run a command inside the service's container, which has to end well. */
    record RunInside(String service, List<String> command) implements OfService {
        public RunInside {
            command = List.copyOf(command);
        }
    }

    /** Let the service's entry lead to these of its replicas from now on; what is in hand is finished where it is. */
    record LeadTo(String service, Lineup lineup) implements OfService {}

    /** Wait until the entry has nothing in hand any more with a replica that it no longer leads to, but not for ever. */
    record Drain(String service, String entry, String containerId, Duration longest) implements OfService {}

    /** Remove a volume with all its data. */
    record RemoveVolume(String name) implements Step {}

    /** Remove a network of the stack. */
    record RemoveNetwork(String name) implements Step {}

    /** Return the step in the words of a plan. */
    default String text() {
        if (this instanceof PullImage step) {
            return "pull image " + step.reference();
        } else if (this instanceof BuildImage step) {
            return "build " + step.service() + " from " + step.directory() + "/"
                    + (step.layers() == Layers.MADE_ANEW ? " anew" : "");
        } else if (this instanceof Prepare step) {
            return "prepare " + step.what();
        } else if (this instanceof CreateNetwork step) {
            return "create network " + step.name();
        } else if (this instanceof KeepInitialData step) {
            return "keep the initial data of " + step.service();
        } else if (this instanceof CreateVolume step) {
            return "create volume " + step.name() + (step.initial().isEmpty() ? "" : " with kept initial data");
        } else if (this instanceof CreateContainer step) {
            return "create " + step.service();
        } else if (this instanceof StartContainer step) {
            return "start " + step.service();
        } else if (this instanceof AwaitReady step) {
            return "await " + step.service();
        } else if (this instanceof StopContainer step) {
            return "stop " + step.service();
        } else if (this instanceof RemoveContainer step) {
            return "remove " + step.service();
        } else if (this instanceof SetAside step) {
            return "set " + step.service() + " aside";
        } else if (this instanceof RemoveReplaced step) {
            return "remove replaced " + step.service();
        } else if (this instanceof BringBack step) {
            return "bring " + step.service() + " back";
        } else if (this instanceof StartAgain step) {
            return "start " + step.service() + " again";
        } else if (this instanceof KeepReplaced step) {
            return "keep replaced " + step.service();
        } else if (this instanceof TakeKept step) {
            return "take kept " + step.service();
        } else if (this instanceof RunInside step) {
            return "run in " + step.service() + ": " + String.join(" ", step.command());
        } else if (this instanceof LeadTo step) {
            return "lead " + step.service() + " to " + step.lineup();
        } else if (this instanceof Drain step) {
            return "drain " + step.service();
        } else if (this instanceof RemoveVolume step) {
            return "remove volume " + step.name();
        } else {
            return "remove network " + ((RemoveNetwork) this).name();
        }
    }
}
