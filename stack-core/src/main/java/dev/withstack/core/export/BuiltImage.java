package dev.withstack.core.export;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;

/**
 * The image of a service that is built, for an engine that builds nothing.
 *
 * @param name what to push it as; services share it only if they are built alike
 * @param toDo what is left to do about it
 */
record BuiltImage(String name, String toDo) {
    static BuiltImage of(StackDefinition definition, Service service, Source.Build build) {
        String name = name(definition, service, build);
        String stage = build.target().isEmpty() ? "" : ", stage '" + build.target() + "'";
        return new BuiltImage(
                name, "is built from '" + build.directory() + "'" + stage + ": build and push '" + name + "', and ");
    }

    private static String name(StackDefinition definition, Service service, Source.Build build) {
        if (build.imageName().isEmpty()) {
            return "withstack/" + definition.name() + "-" + service.name();
        }
        boolean isAnother = definition.declared().values().stream()
                .anyMatch(other -> other.source() instanceof Source.Build theirs
                        && theirs.imageName().equals(build.imageName())
                        && !theirs.equals(build));
        if (!isAnother) {
            return build.imageName();
        }
        return build.imageName() + "-" + (build.target().isEmpty() ? service.name() : build.target());
    }
}
