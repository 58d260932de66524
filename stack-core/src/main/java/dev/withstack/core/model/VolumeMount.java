package dev.withstack.core.model;

/**
 * A named volume at a path of the container.
 *
 * @param volume the name within the stack, such as {@code postgres_data}, or the whole one
 * @param path where the container sees it
 * @param naming which of these it is
 * @param access whether the container may write to it
 */
public record VolumeMount(String volume, String path, Naming naming, FileMount.Access access) {

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
        this(volume, path, naming, FileMount.Access.READ_WRITE);
    }

    /** Return the same mount, of which the container only reads. */
    public VolumeMount readOnly() {
        return new VolumeMount(volume, path, naming, FileMount.Access.READ_ONLY);
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
