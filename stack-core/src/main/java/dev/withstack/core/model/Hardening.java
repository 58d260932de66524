package dev.withstack.core.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What a container is kept from doing. Immutable; every method returns a new one.
 *
 * @param user who its processes run as, {@code uid:gid} or a name in the image; empty for the image's own
 * @param root whether the image's files can be written
 * @param tmpfs paths that can be written all the same, and are empty at each start
 * @param dropped capabilities that are taken away, {@code ALL} among them
 * @param added capabilities that are given
 * @param privileges whether a process may gain more than it was started with
 */
public record Hardening(
        String user, Root root, List<String> tmpfs, List<String> dropped, List<String> added, Privileges privileges) {

    /** As the image and the engine have it. */
    public static final Hardening NONE =
            new Hardening("", Root.WRITABLE, List.of(), List.of(), List.of(), Privileges.CAN_BE_GAINED);

    public Hardening {
        tmpfs = List.copyOf(tmpfs);
        dropped = List.copyOf(dropped);
        added = List.copyOf(added);
    }

    /** Whether the image's files can be written. */
    public enum Root {
        WRITABLE,
        READ_ONLY
    }

    /** Whether a process may gain more privileges than it was started with, as by {@code sudo}. */
    public enum Privileges {
        CAN_BE_GAINED,
        FIXED
    }

    /** Run as this user. */
    public Hardening user(String idOrName) {
        return new Hardening(idOrName, root, tmpfs, dropped, added, privileges);
    }

    /** Let nothing be written but volumes and what is in memory. */
    public Hardening readOnlyRoot() {
        return new Hardening(user, Root.READ_ONLY, tmpfs, dropped, added, privileges);
    }

    /** Let this path be written: in memory, empty at each start. */
    public Hardening tmpfs(String path) {
        return new Hardening(user, root, with(tmpfs, path), dropped, added, privileges);
    }

    /** Take all capabilities away. */
    public Hardening dropAllCapabilities() {
        return new Hardening(user, root, tmpfs, List.of("ALL"), added, privileges);
    }

    /** Take this capability away. */
    public Hardening dropCapability(String name) {
        return new Hardening(user, root, tmpfs, with(dropped, name), added, privileges);
    }

    /** Give this capability. */
    public Hardening addCapability(String name) {
        return new Hardening(user, root, tmpfs, dropped, with(added, name), privileges);
    }

    /** Let no process gain more than it was started with. */
    public Hardening noNewPrivileges() {
        return new Hardening(user, root, tmpfs, dropped, added, Privileges.FIXED);
    }

    private static List<String> with(List<String> list, String more) {
        List<String> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
