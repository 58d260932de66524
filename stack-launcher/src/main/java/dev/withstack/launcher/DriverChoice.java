package dev.withstack.launcher;

import dev.withstack.core.driver.Driver;
import java.nio.file.Path;
import java.util.Map;

final class DriverChoice {
    private DriverChoice() {}

    static Driver open(Map<String, String> environment, Path home, Path project) {
        throw new UnsupportedOperationException();
    }
}
