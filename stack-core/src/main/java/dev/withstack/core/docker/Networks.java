package dev.withstack.core.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Make calls on networks. A network is named by its id or its name.
 *
 * <p>What may be thrown stands at {@link DockerEngine}.
 */
public final class Networks {

    private final EngineClient client;

    Networks(EngineClient client) {
        this.client = client;
    }

    /** List networks, without their members. */
    public List<NetworkDetails> list(LabelFilter filter) {
        List<NetworkDetails> networks = new ArrayList<>();
        for (JsonObject json : client.objects(filter.addTo(Call.get("/networks")))) {
            networks.add(NetworkDetails.of(json));
        }
        return networks;
    }

    /** Return all that the engine knows of the network. */
    public NetworkDetails inspect(String network) {
        return NetworkDetails.of(client.object(Call.get(path(network, ""))));
    }

    /** Return all that the engine knows of the network; empty if there is none of that name. */
    public Optional<NetworkDetails> find(String network) {
        try {
            return Optional.of(inspect(network));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    /**
     * Create a network.
     *
     * @param driver {@code bridge} on one host
     * @return its id
     * @throws ConflictException if the name is in use
     */
    public String create(String name, String driver, Map<String, String> labels) {
        return create(name, Map.of("Driver", driver, "Labels", labels));
    }

    /**
     * Create a network.
     *
     * @param spec the body of the engine's {@code POST /networks/create}, without the name
     * @return its id
     * @throws ConflictException if the name is in use
     */
    public String create(String name, Map<String, ?> spec) {
        Map<String, Object> body = new LinkedHashMap<>(spec);
        body.put("Name", name);
        body.put("CheckDuplicate", true);
        return client.object(Call.post("/networks/create").json(body)).text("Id");
    }

    /** Connect a container, which need not run, under these names besides its own. */
    public void connect(String network, String container, List<String> aliases) {
        connect(network, container, Map.of("Aliases", aliases));
    }

    /**
     * Connect a container, which need not run.
     *
     * @param endpoint the engine's {@code EndpointConfig}
     */
    public void connect(String network, String container, Map<String, ?> endpoint) {
        client.run(
                Call.post(path(network, "/connect")).json(Map.of("Container", container, "EndpointConfig", endpoint)));
    }

    /** Take a container out, running or not. */
    public void disconnect(String network, String container) {
        client.run(Call.post(path(network, "/disconnect")).json(Map.of("Container", container, "Force", true)));
    }

    /** Remove the network; refused (403) while running containers are connected. */
    public void remove(String network) {
        client.run(Call.delete(path(network, "")));
    }

    private static String path(String network, String after) {
        return Call.path("/networks/", network, after);
    }
}
