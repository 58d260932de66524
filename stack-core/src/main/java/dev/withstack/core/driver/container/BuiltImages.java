package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ConflictException;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.ImageSummary;
import dev.withstack.core.docker.LabelFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The images that were made of the services of stacks: those built, and those that keep their initial data. */
final class BuiltImages {

    private BuiltImages() {}

    /** Remove those of a stack, and return their names, or ids where they lost these; one that a container uses stays. */
    static List<String> removeThoseOf(String stack, DockerEngine engine) {
        List<ImageSummary> images = new ArrayList<>(engine.images().list(LabelFilter.present(Labels.BUILD)));
        images.addAll(engine.images().list(LabelFilter.present(Labels.INITIAL)));
        List<String> names = images.stream()
                .filter(image -> Labels.isMadeOf(stack, image.labels()))
                .flatMap(image -> image.tags().isEmpty() ? Stream.of(image.id()) : image.tags().stream())
                .sorted()
                .toList();
        List<String> removed = new ArrayList<>();
        for (String name : names) {
            try {
                engine.images().remove(name);
                removed.add(name);
            } catch (ConflictException e) {
                // a container was made from it, in this environment or another
            }
        }
        return removed;
    }
}
