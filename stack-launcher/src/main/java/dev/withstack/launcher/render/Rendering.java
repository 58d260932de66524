package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;
import java.util.function.Consumer;

/** Shows events as they happen. Thread-safe; closing leaves the screen as a shell expects it. */
public interface Rendering extends Consumer<StackEvent>, AutoCloseable {

    @Override
    void close();
}
