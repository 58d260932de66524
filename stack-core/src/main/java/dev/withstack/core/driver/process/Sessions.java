package dev.withstack.core.driver.process;

import dev.withstack.core.model.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts commands in sessions of their own where the host can: Ctrl-C at the launcher's terminal is not theirs then. */
final class Sessions {
    private final List<String> prefix;

    /** @param environment the process environment, for the {@code PATH} */
    Sessions(Map<String, String> environment) {
        Programs programs = new Programs(Path.of(""), Tools.NONE, environment);
        this.prefix = programs.find("setsid").map(Path::toString).map(List::of).orElse(List.of());
    }

    List<String> ofItsOwn(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }
}
