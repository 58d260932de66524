package dev.withstack.core.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named volume at a path of the container.
 *
 * @param volume the name within the stack, such as {@code postgres_data}, or the whole one
 * @param path where the container sees it
 * @param naming which of these it is
 * @param access whether the container may write to it
 * @param driver what the volume is made by where it is not there yet
 */
public record VolumeMount(String volume, String path, Naming naming, FileMount.Access access, Driver driver) {

    /**
     * What makes a volume, and from what: a share on the network, memory, a directory of the host.
     *
     * @param name such as {@code local}
     * @param options in the driver's words
     */
    public record Driver(String name, Map<String, String> options) {
        /** The engine keeps it in a directory of its own. */
        public static final Driver USUAL = new Driver("local", Map.of());

        private static final String DEVICE = "device";

        public Driver {
            options = Ordered.copyOf(options);
        }

        /** Return the directory that the volume is, relative to the project's; empty if it is none of the project's. */
        public Optional<String> projectDirectory() {
            boolean isBound = List.of(options.getOrDefault("o", "").split(",")).contains("bind");
            return Optional.ofNullable(options.get(DEVICE)).filter(path -> isBound && !path.startsWith("/"));
        }

        /** Return the same, with another directory. */
        public Driver at(String directory) {
            Map<String, String> changed = new LinkedHashMap<>(options);
            changed.put(DEVICE, directory);
            return new Driver(name, changed);
        }
    }

    /** How the engine's name of a volume is made. */
    public enum Naming {
        /** From the stack, the name within it, and the environment. */
        OF_STACK,
        /** It is the name as given. */
        WHOLE
    }

    /** Mount a volume that is named after its stack. */
    public VolumeMount(String volume, String path) {
        this(volume, path, Naming.OF_STACK);
    }

    /** Mount a volume to write to. */
    public VolumeMount(String volume, String path, Naming naming) {
        this(volume, path, naming, FileMount.Access.READ_WRITE, Driver.USUAL);
    }

    /** Return the same mount, of which the container only reads. */
    public VolumeMount readOnly() {
        return new VolumeMount(volume, path, naming, FileMount.Access.READ_ONLY, driver);
    }

    /** Return the same mount of a volume that is made so. */
    public VolumeMount madeBy(Driver other) {
        return new VolumeMount(volume, path, naming, access, other);
    }

    /** Tell whether the container only reads it. */
    public boolean isReadOnly() {
        return access == FileMount.Access.READ_ONLY;
    }

    /** Return the volume's name on the engine. */
    public String nameIn(StackId id) {
        return switch (naming) {
            case OF_STACK -> id.volumeName(volume);
            case WHOLE -> id.whole(volume);
        };
    }
}
