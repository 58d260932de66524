package dev.withstack.core.docker;

import java.time.Instant;
import java.util.Map;

/**
 * Hold something that happened at the engine.
 *
 * @param type {@code container}, {@code network}, {@code volume}, {@code image}, {@code daemon}
 * @param action the verb: {@code create}, {@code start}, {@code die}, {@code oom}, {@code health_status}, {@code destroy}
 * @param detail what follows the verb after a colon: {@code healthy}, the command of an exec; else empty
 * @param id of the container, network, ...
 * @param attributes the engine's details: for a container its labels, {@code name}, {@code image}, {@code exitCode}
 * @param time when it happened, by the engine's clock
 */
public record EngineEvent(
        String type, String action, String detail, String id, Map<String, String> attributes, Instant time) {

    static EngineEvent of(JsonObject json) {
        JsonObject actor = json.object("Actor");
        String action = json.text("Action");
        int colon = action.indexOf(": ");
        long nanos = json.number("timeNano");
        return new EngineEvent(
                json.text("Type"),
                colon < 0 ? action : action.substring(0, colon),
                colon < 0 ? "" : action.substring(colon + 2),
                actor.text("ID"),
                actor.textMap("Attributes"),
                nanos == 0
                        ? Instant.ofEpochSecond(json.number("time"))
                        : Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000));
    }
}
