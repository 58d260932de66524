package dev.withstack.core.engine;

import dev.withstack.core.model.Ordered;
import java.util.List;
import java.util.Map;

/**
 * What is deployed.
 *
 * @param services none named means all that keep no data in volumes
 * @param images instead of those that the definition asks for, by service; remembered until the stack is taken down
 * @param before a command that is run inside the first of the new ones behind each entry, such as that which migrates the
 *     database, before it has to be ready; may be empty
 */
public record Deployment(List<String> services, Map<String, String> images, List<String> before) {
    /** All that keeps no data, from the images that the definition asks for. */
    public static final Deployment OF_ALL = new Deployment(List.of(), Map.of(), List.of());

    public Deployment {
        services = List.copyOf(services);
        images = Ordered.copyOf(images);
        before = List.copyOf(before);
    }

    /** Return the same with this command. */
    public Deployment before(String... command) {
        return new Deployment(services, images, List.of(command));
    }
}
