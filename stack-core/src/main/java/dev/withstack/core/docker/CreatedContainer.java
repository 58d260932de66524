package dev.withstack.core.docker;

import java.util.List;

/** Hold the id of a new container, and what the engine warned of. */
public record CreatedContainer(String id, List<String> warnings) {}
