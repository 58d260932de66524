package dev.withstack.core.driver.process;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts a small JVM beside this one, in a session of its own where the host can, that outlives it: the pipe to its
 * standard input breaks when this process is gone, however it went.
 */
public final class Companion {
    private static final List<String> SMALL =
            List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private Companion() {}

    /**
     * Start it.
     *
     * @param needed classes of all jars that it needs
     * @param environment its own, instead of this process's
     * @return the pipe to it, which the caller closes when it is to go
     */
    public static Writer start(
            Class<?> main, List<Class<?>> needed, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(List.of("-cp", classPath(needed), main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(new Sessions(environment).ofItsOwn(command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start().outputWriter(StandardCharsets.UTF_8);
    }

    private static String classPath(List<Class<?>> needed) throws IOException {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> one : needed) {
            places.add(placeOf(one).toString());
        }
        return String.join(File.pathSeparator, places);
    }

    private static Path placeOf(Class<?> one) throws IOException {
        try {
            return Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException("the code of " + one.getName() + " can't be found", e);
        }
    }
}
