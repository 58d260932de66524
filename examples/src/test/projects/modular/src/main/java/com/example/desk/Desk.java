package com.example.desk;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;

/** A program that runs from the module path, and brings its server along. */
final class Desk implements AutoCloseable {
    private final RunningStack stack = Stacks.start(StackDefinition.of("modular-desk", Environment.TEST)
            .add(Redis.service("cache"))
            .build());

    String cache() {
        return stack.service("cache").address().toString();
    }

    @Override
    public void close() {
        stack.close();
    }
}
