package dev.withstack.core.docker;

import java.nio.charset.StandardCharsets;

/**
 * Hold a file to put into a container.
 *
 * @param path relative to the directory it is put into; directories in between are made
 * @param content its bytes; not copied
 * @param mode permission bits: {@code 0644}
 * @param uid its owner
 * @param gid its group
 */
public record ContainerFile(String path, byte[] content, int mode, int uid, int gid) {

    public ContainerFile {
        if (path.isBlank() || path.startsWith("/")) {
            throw new IllegalArgumentException("The path of a file to copy must be relative, got '" + path + "'");
        }
    }

    /** Hold a text that everybody may read and root owns. */
    public static ContainerFile text(String path, String text) {
        return new ContainerFile(path, text.getBytes(StandardCharsets.UTF_8), 0644, 0, 0);
    }
}
