package dev.withstack.core.compose;

import java.nio.file.Path;

/**
 * Where the relative paths of a file begin.
 *
 * @param project the directory that paths of the definition are relative to
 * @param directory that of the file
 */
record PathBase(Path project, Path directory) {

    /** Return the path as the definition has it: relative to the project where it was written relative to the file. */
    String rebased(String path) {
        if (path.equals("~") || path.startsWith("~/")) {
            return System.getProperty("user.home") + path.substring(1);
        }
        if (directory.equals(project) || Path.of(path).isAbsolute()) {
            return path;
        }
        return project.relativize(directory.resolve(path).normalize())
                .toString()
                .replace('\\', '/');
    }

    /** Tell whether a volume's source is a path rather than a name. */
    static boolean isPath(String source) {
        return source.startsWith(".") || source.startsWith("/") || source.startsWith("~");
    }
}
