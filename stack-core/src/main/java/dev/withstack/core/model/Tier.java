package dev.withstack.core.model;

/** Which part of a stack a service belongs to: {@code --infra} starts the first one alone. */
public enum Tier {
    INFRASTRUCTURE,
    APPLICATION
}
