package dev.withstack.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** A file that holds secrets: nobody but its owner reads it, where the file system knows owners. */
final class OwnFile {
    private OwnFile() {}

    /** Make the file, which must not be there, and write the text. */
    static void write(Path file, String text) throws IOException {
        boolean isPosix = Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] mine = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.writeString(Files.createFile(file, mine), text);
    }
}
