package com.example;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A stack of one server, and a directory in which each fork writes down which stack it has. */
public final class Cache implements StackProfile {
    private static final Path NOTES = Path.of(System.getProperty("notes"));

    @Override
    public String name() {
        return "fresh-forks";
    }

    @Override
    public String description() {
        return "a cache";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        return StackDefinition.of(name(), environment)
                .add(Redis.service("cache"))
                .build();
    }

    static void note(Class<?> test, RunningStack stack) throws IOException {
        Path unfinished = NOTES.resolve(test.getSimpleName() + ".unfinished");
        Files.writeString(unfinished, stack.definition().id().run());
        Files.move(unfinished, NOTES.resolve(test.getSimpleName()));
    }

    /** Wait until as many have written. */
    static void await(int forks) throws IOException, InterruptedException {
        long end = System.nanoTime() + 120_000_000_000L;
        while (System.nanoTime() < end) {
            try (Stream<Path> notes = Files.list(NOTES)) {
                if (notes.filter(note -> !note.toString().endsWith(".unfinished")).count() >= forks) {
                    return;
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("The other fork never came.");
    }
}
