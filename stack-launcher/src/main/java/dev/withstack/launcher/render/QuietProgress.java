package dev.withstack.launcher.render;

import dev.withstack.core.engine.StackEvent;

/** Shows nothing: errors come by exception. */
public final class QuietProgress implements Rendering {

    @Override
    public void accept(StackEvent event) {
        // quiet was asked for
    }

    @Override
    public void close() {
        // holds nothing
    }
}
