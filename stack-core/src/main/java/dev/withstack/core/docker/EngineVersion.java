package dev.withstack.core.docker;

/**
 * Hold who the engine is.
 *
 * @param server its version: {@code 20.10.24}
 * @param api the newest API version it offers: {@code 1.41}
 * @param os {@code linux}
 * @param architecture {@code amd64}
 * @param kernel the kernel's version
 */
public record EngineVersion(String server, String api, String os, String architecture, String kernel) {

    static EngineVersion of(JsonObject json) {
        return new EngineVersion(
                json.text("Version"),
                json.text("ApiVersion"),
                json.text("Os"),
                json.text("Arch"),
                json.text("KernelVersion"));
    }
}
