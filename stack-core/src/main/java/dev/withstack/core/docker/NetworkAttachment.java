package dev.withstack.core.docker;

import java.util.List;

/**
 * Hold one network that a container is connected to.
 *
 * @param network its name
 * @param networkId its id; empty while the container was never started
 * @param ipAddress the container's IPv4 address there; empty while it does not run
 * @param aliases the names it answers to there besides its own
 */
public record NetworkAttachment(String network, String networkId, String ipAddress, List<String> aliases) {

    static List<NetworkAttachment> allIn(JsonObject networkSettings) {
        JsonObject networks = networkSettings.object("Networks");
        List<NetworkAttachment> all = new java.util.ArrayList<>();
        for (String name : networks.fields().keySet()) {
            JsonObject one = networks.object(name);
            all.add(new NetworkAttachment(name, one.text("NetworkID"), one.text("IPAddress"), one.texts("Aliases")));
        }
        return java.util.Collections.unmodifiableList(all);
    }
}
