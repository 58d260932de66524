package dev.withstack.core.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * How a stack is brought up.
 *
 * @param ports what to do about a host port that is taken
 * @param onFailure what to do with what was begun when a service fails
 * @param volumes whether volumes that we did not make may be used
 * @param builds which images are built
 * @param newVolumes what new volumes begin with
 * @param patience replaces each service's own patience, where given
 */
public record UpOptions(
        Ports ports,
        OnFailure onFailure,
        Volumes volumes,
        Builds builds,
        NewVolumes newVolumes,
        Optional<Duration> patience) {

    /** Refuse taken ports, roll back on failure, use our own volumes only. */
    public static final UpOptions DEFAULT = new UpOptions(
            Ports.AS_DEFINED,
            OnFailure.ROLL_BACK,
            Volumes.OURS,
            Builds.WHAT_CHANGED,
            NewVolumes.AS_KEPT,
            Optional.empty());

    /** What to do about a host port that is taken. */
    public enum Ports {
        AS_DEFINED,
        NEXT_FREE
    }

    /** What to do with what was begun when a service fails. */
    public enum OnFailure {
        ROLL_BACK,
        KEEP
    }

    /** Which volumes may be used. */
    public enum Volumes {
        OURS,
        ADOPTED
    }

    /** Which images are built from their source. */
    public enum Builds {
        WHAT_CHANGED,
        EVERYTHING
    }

    /** What new volumes begin with, of services that begin alike each time. */
    public enum NewVolumes {
        /** With initial data where it is kept, and else empty. */
        AS_KEPT,
        /** With initial data, which is kept first where it is not yet. */
        KEPT_FIRST
    }

    public UpOptions ports(Ports choice) {
        return new UpOptions(choice, onFailure, volumes, builds, newVolumes, patience);
    }

    public UpOptions onFailure(OnFailure choice) {
        return new UpOptions(ports, choice, volumes, builds, newVolumes, patience);
    }

    public UpOptions volumes(Volumes choice) {
        return new UpOptions(ports, onFailure, choice, builds, newVolumes, patience);
    }

    public UpOptions builds(Builds choice) {
        return new UpOptions(ports, onFailure, volumes, choice, newVolumes, patience);
    }

    public UpOptions newVolumes(NewVolumes choice) {
        return new UpOptions(ports, onFailure, volumes, builds, choice, patience);
    }

    public UpOptions patience(Duration limit) {
        return new UpOptions(ports, onFailure, volumes, builds, newVolumes, Optional.of(limit));
    }
}
