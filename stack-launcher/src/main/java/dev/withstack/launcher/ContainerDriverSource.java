package dev.withstack.launcher;

import dev.withstack.core.Stacks;
import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.container.ContainerDriver;
import dev.withstack.core.driver.container.ImagePolicy;
import dev.withstack.core.driver.process.HostDriver;
import dev.withstack.launcher.command.CommandFailedException;
import dev.withstack.launcher.command.DriverSource;
import dev.withstack.launcher.command.ExitCode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Opens drivers on the Docker engine and this host.
 *
 * @param images the policy on images that the JVM was started with; empty for the environment's
 */
record ContainerDriverSource(String images) implements DriverSource {
    private static final String VARIABLE = "WITHSTACK_IMAGES";

    @Override
    public Driver open(Map<String, String> environment, Path home, Path project) {
        String word = images.isEmpty() ? environment.getOrDefault(VARIABLE, "auto") : images;
        Driver containers = ContainerDriver.open(environment, home, project, policy(word));
        return new HostDriver(containers, project, Stacks.stateDirectory(environment), environment, Clock.systemUTC());
    }

    private static ImagePolicy policy(String word) {
        try {
            return ImagePolicy.of(word);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
