package dev.withstack.launcher;

import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.launcher.command.CommandFailedException;
import dev.withstack.launcher.command.ExitCode;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The stacks of jars, and of directories with classes, that the user names, beside those that ship. */
final class ProfileJars {
    private static final String NAMED_BY = "META-INF/services/" + StackProfile.class.getName();

    private ProfileJars() {}

    /**
     * Return the stacks that ship and those of the jars.
     *
     * @throws CommandFailedException if a jar is not there, or has no stack that can be used
     */
    static Profiles and(Profiles shipped, List<Path> jars) {
        List<StackProfile> all = new ArrayList<>(shipped.all());
        for (Path jar : jars) {
            List<StackProfile> own = in(jar);
            if (own.isEmpty()) {
                throw failed("'" + jar + "' has no stack: a file " + NAMED_BY + " in it has to name its StackProfile.");
            }
            for (StackProfile profile : own) {
                if (all.stream().anyMatch(other -> other.name().equals(profile.name()))) {
                    throw failed("'" + jar + "' has a stack '" + profile.name()
                            + "', and there is one of that name already. Give it another name().");
                }
                all.add(profile);
            }
        }
        return new Profiles(all);
    }

    private static List<StackProfile> in(Path jar) {
        if (!Files.exists(jar)) {
            boolean isWord = !jar.getFileName().toString().contains(".");
            throw failed("--profiles names '" + jar + "', which is not there. Build it first, or correct the path."
                    + (isWord ? " A profile of a Compose file is asked for with: --profile " + jar.getFileName() : ""));
        }
        List<StackProfile> found = new ArrayList<>();
        // closed with the process: its classes are loaded as they are used
        @SuppressWarnings("resource")
        URLClassLoader loader = new URLClassLoader(new URL[] {url(jar)}, ProfileJars.class.getClassLoader());
        for (String name : names(loader, jar)) {
            try {
                found.add(loader.loadClass(name)
                        .asSubclass(StackProfile.class)
                        .getConstructor()
                        .newInstance());
            } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
                throw failed("The stack '" + name + "' of '" + jar + "' can't be used: " + e
                        + ". It has to be a public StackProfile with a public constructor without parameters, compiled"
                        + " against this version.");
            }
        }
        return found;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw failed("'" + jar + "' is no path of a jar: " + e.getMessage());
        }
    }

    /** Return the classes that the jar itself names, whatever the launcher's own does. */
    private static List<String> names(URLClassLoader loader, Path jar) {
        List<String> names = new ArrayList<>();
        try {
            for (URL file : Collections.list(loader.findResources(NAMED_BY))) {
                try (var content = file.openStream()) {
                    new String(content.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .forEach(names::add);
                }
            }
        } catch (IOException e) {
            throw failed("'" + jar + "' can't be read: " + e.getMessage());
        }
        return names;
    }

    private static CommandFailedException failed(String message) {
        return new CommandFailedException(ExitCode.USAGE, message);
    }
}
