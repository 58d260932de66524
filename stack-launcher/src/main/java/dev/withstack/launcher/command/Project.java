package dev.withstack.launcher.command;

import dev.withstack.core.profile.StackProfile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the user's source tree is.
 *
 * @param directory what services are built from
 * @param settingsDirectory where {@code .env} is looked for
 * @param note what to tell the user about it; may be empty
 */
record Project(Path directory, Path settingsDirectory, String note) {

    /**
     * Take the directory for the project; in a checkout of withstack itself, which is no project of any stack, the
     * sample application that comes with it.
     */
    static Project find(Path directory, StackProfile profile) {
        if (!Files.isDirectory(directory)) {
            throw CommandFailedException.usage("There is no directory '" + directory + "' (--project).");
        }
        Path sample = directory.resolve("examples").resolve("apps").resolve(profile.name());
        boolean isCheckout = Files.isDirectory(directory.resolve("stack-launcher"));
        boolean isProject = profile.marks().stream().anyMatch(mark -> Files.exists(directory.resolve(mark)));
        if (isProject || !isCheckout || !Files.isDirectory(sample)) {
            return new Project(directory, directory, "");
        }
        boolean hasSettings = Files.isRegularFile(directory.resolve(".env"));
        return new Project(
                sample,
                hasSettings ? directory : sample,
                "Project: the sample application in " + directory.relativize(sample)
                        + (hasSettings ? ", with .env from here" : "") + " (--project for your own).");
    }
}
