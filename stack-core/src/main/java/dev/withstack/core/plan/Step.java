package dev.withstack.core.plan;

/** One thing to do; each is one call to the engine, or one wait. */
public sealed interface Step {

    /** Pull an image that the engine does not have. */
    record PullImage(String service, String reference) implements Step {}

    /** Build an image from the user's source tree. */
    record BuildImage(String service, String directory) implements Step {}

    /** Create a network of the stack. */
    record CreateNetwork(String name) implements Step {}

    /** Create a named volume, marked with what is going to write it. */
    record CreateVolume(String service, String name, String lineage) implements Step {}

    /** Create a service's container, without starting it. */
    record CreateContainer(String service) implements Step {}

    /** Start a service's container. */
    record StartContainer(String service) implements Step {}

    /** Wait until the service's probe says Ready. */
    record AwaitReady(String service) implements Step {}

    /** Ask a container to end, and kill it when its grace is over. */
    record StopContainer(String service, String containerId) implements Step {}

    /** Remove a stopped container. */
    record RemoveContainer(String service, String containerId) implements Step {}

    /** Remove a volume with all its data. */
    record RemoveVolume(String name) implements Step {}

    /** Remove a network of the stack. */
    record RemoveNetwork(String name) implements Step {}

    /** Return the step in the words of a plan. */
    default String text() {
        if (this instanceof PullImage step) {
            return "pull image " + step.reference();
        } else if (this instanceof BuildImage step) {
            return "build " + step.service() + " from " + step.directory() + "/";
        } else if (this instanceof CreateNetwork step) {
            return "create network " + step.name();
        } else if (this instanceof CreateVolume step) {
            return "create volume " + step.name();
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
        } else if (this instanceof RemoveVolume step) {
            return "remove volume " + step.name();
        } else {
            return "remove network " + ((RemoveNetwork) this).name();
        }
    }
}
