package dev.withstack.core.profile;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Settings;
import java.util.List;
import java.util.Optional;

/**
 * A stack that ships. Implementations have a public constructor without parameters, no state, and are found with
 * {@link java.util.ServiceLoader}.
 */
public interface StackProfile {

    /** Return the name by which users ask for the stack, such as {@code frostbyte}. */
    String name();

    /** Return what the names of everything on the engine begin with: the stack's name, unless a document gives another. */
    default String nameOnEngine() {
        return name();
    }

    /** Tell whether its environments stand on a base that they share: {@link Environment#BASE} defines it. */
    default boolean hasBase() {
        return false;
    }

    /** Return what the stack is, in one line. */
    String description();

    /** Return the paths by which a project directory shows that it is one of this stack; none if it can't be told. */
    default List<String> marks() {
        return List.of();
    }

    /** Return what the settings mean that {@link #define} asks for. */
    default Explanations explanations() {
        return Explanations.none();
    }

    /**
     * Tell whose settings move ports, images, limits and numbers of replicas, such as {@code REDIS_PORT}: all that there
     * are, unless the stack has a language of its own for that.
     */
    default Movers movers() {
        return Movers.ALL;
    }

    /** Whose settings move what every stack lets be moved. */
    enum Movers {
        /** Those of files and of the process environment too. */
        ALL,
        /** Those given with the command: files mean something else by such names. */
        COMMAND
    }

    /** Return the directory of a source tree in which the marks may stand too, such as {@code backend}; empty for none. */
    default String within() {
        return "";
    }

    /** Return the certificate that {@code init} makes where the project has none, if the stack needs one. */
    default Optional<SelfSigned> certificate() {
        return Optional.empty();
    }

    /**
     * Define the stack as it is run in the environment. Does no I/O. Settings that are wrong are reported to
     * {@link Settings#reject} and do not stop the definition, so that all problems are shown at once.
     */
    StackDefinition define(Environment environment, Settings settings);
}
