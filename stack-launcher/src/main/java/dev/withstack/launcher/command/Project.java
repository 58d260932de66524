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

    /** Return the directory itself, or the one within it that the profile's projects live in, where that shows its marks. */
    static Path homeOf(StackProfile profile, Path directory) {
        Path within = directory.resolve(profile.within()).normalize();
        return isMarked(profile, within) && !isMarked(profile, directory) ? within : directory;
    }

    static boolean isMarked(StackProfile profile, Path directory) {
        return !profile.marks().isEmpty()
                && profile.marks().stream().allMatch(mark -> Files.exists(directory.resolve(mark)));
    }

    /**
     * Take the directory for the project; in a checkout of withstack itself, which is no project of any stack, the
     * sample application that comes with it.
     */
    static Project find(Path directory, StackProfile profile) {
        if (!Files.isDirectory(directory)) {
            throw CommandFailedException.usage("There is no directory '" + directory + "' (--project).");
        }
        Path home = homeOf(profile, directory);
        if (!home.equals(directory)) {
            return new Project(
                    home,
                    home,
                    "Project: " + directory.relativize(home) + "/, where " + String.join(" and ", profile.marks())
                            + " is.");
        }
        Path sample = directory.resolve("examples").resolve("apps").resolve(profile.name());
        boolean isCheckout = Files.isDirectory(directory.resolve("stack-launcher"));
        boolean isProject = profile.marks().stream().anyMatch(mark -> Files.exists(directory.resolve(mark)));
        if (isProject || !isCheckout || !Files.isDirectory(sample)) {
            return new Project(directory, directory, "");
        }
        boolean hasSettings = Files.isRegularFile(directory.resolve(".env"));
        return new Project(
                homeOf(profile, sample),
                hasSettings ? directory : homeOf(profile, sample),
                "Project: the sample application in " + directory.relativize(sample)
                        + (hasSettings ? ", with .env from here" : "") + " (--project for your own).");
    }
}
