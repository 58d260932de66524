package dev.withstack.core.engine;

import dev.withstack.core.driver.container.ImagePolicy;

/**
 * Decides where the images of tests on the engine come from. Tests ask for the upstream names; {@code
 * -Dwithstack.images=upstream} has them pulled, and anything else has the offline images taken for them.
 */
final class TrialImages {
    /** A shell and its tools: what most tests need. */
    static final String SHELL = "debian:bookworm";

    static final String PYTHON = "python:3.13";

    private TrialImages() {}

    /** Return the policy to open a driver with. */
    static ImagePolicy policy() {
        return isUpstream() ? ImagePolicy.UPSTREAM : ImagePolicy.OFFLINE;
    }

    /** Return the name by which the engine knows the image that an upstream one is asked for by. */
    static String local(String upstream) {
        if (isUpstream()) {
            return upstream;
        }
        return switch (upstream) {
            case SHELL -> "offline/debian:bookworm";
            case PYTHON -> "offline/python:3.13";
            case "redis:7-alpine" -> "offline/redis:7";
            case "postgres:16-alpine" -> "offline/postgres:16.4";
            case "nginx:1.27-alpine" -> "offline/nginx:latest";
            default -> throw new IllegalArgumentException("No offline image is known to tests for '" + upstream + "'.");
        };
    }

    private static boolean isUpstream() {
        return ImagePolicy.UPSTREAM.name().equalsIgnoreCase(System.getProperty(ImagePolicy.PROPERTY, ""));
    }
}
