package dev.withstack.launcher.command;

import dev.withstack.core.driver.Driver;
import java.nio.file.Path;
import java.util.Map;

/** Opens the driver that a session works with. */
@FunctionalInterface
public interface DriverSource {

    /**
     * Open a driver; whoever asked closes it.
     *
     * @throws dev.withstack.core.driver.DriverException if there is no engine to work with
     */
    Driver open(Map<String, String> environment, Path home, Path project);
}
