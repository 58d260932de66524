package dev.withstack.core.plan;

import dev.withstack.core.model.Source;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which image a service really runs from.
 *
 * @param asked the image that the definition asks for
 * @param used the image taken for it: the same, or an offline counterpart
 * @param id the engine's id of the image used; empty while it is not there
 * @param standing what the image used is
 * @param note what a person should know of it, such as {@code PostgreSQL 16.4}; may be empty
 * @param lineage what writes the service's volumes: {@code family/major/kind}; empty where none is declared
 */
public record ImageUse(String asked, String used, String id, Standing standing, String note, String lineage) {

    /** What an image is, compared with the one asked for. */
    public enum Standing {
        /** The very image asked for. */
        UPSTREAM,
        /** An offline image of the same server. */
        REAL,
        /** An offline image of something that speaks the same protocol. */
        STAND_IN,
        /** Built from the user's source tree. */
        BUILT,
        /** Made by the user's own Testcontainers container. */
        PROVIDED,
        /** A process of this host. */
        PROCESS,
        /** Nothing is run: the service is external. */
        NONE
    }

    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");

    /**
     * Return the version of what is in the image: from its tag, or from what an offline one says of itself. Empty where
     * it can't be told, as with {@code latest}.
     */
    public String version() {
        if (!isOffline()) {
            return new Source.Image(used).version();
        }
        Matcher version = VERSION.matcher(lineage + " " + note);
        return version.find() ? version.group() : "";
    }

    /** Return the same image as one that the engine does not have. */
    public ImageUse withoutId() {
        return new ImageUse(asked, used, "", standing, note, lineage);
    }

    /** Tell whether the engine has the image. */
    public boolean isPresent() {
        return !id.isEmpty()
                || standing == Standing.PROVIDED
                || standing == Standing.PROCESS
                || standing == Standing.NONE;
    }

    /** Tell whether another image stands in for the one asked for. */
    public boolean isOffline() {
        return standing == Standing.REAL || standing == Standing.STAND_IN;
    }

    /** Return the standing in the words of a table. */
    public String standingText() {
        return switch (standing) {
            case UPSTREAM -> "upstream";
            case REAL -> "real server";
            case STAND_IN -> "stand-in";
            case BUILT -> "built";
            case PROVIDED -> "provided";
            case PROCESS -> "process";
            case NONE -> "external";
        };
    }
}
