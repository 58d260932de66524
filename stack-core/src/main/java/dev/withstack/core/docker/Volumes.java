package dev.withstack.core.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Make calls on volumes.
 *
 * <p>What may be thrown stands at {@link DockerEngine}.
 */
public final class Volumes {

    private final EngineClient client;

    Volumes(EngineClient client) {
        this.client = client;
    }

    /** List volumes. */
    public List<VolumeDetails> list(LabelFilter filter) {
        List<VolumeDetails> volumes = new ArrayList<>();
        for (JsonObject json : client.object(filter.addTo(Call.get("/volumes"))).objects("Volumes")) {
            volumes.add(VolumeDetails.of(json));
        }
        return volumes;
    }

    /** Return what the engine knows of the volume. */
    public VolumeDetails inspect(String name) {
        return VolumeDetails.of(client.object(Call.get(Call.path("/volumes/", name, ""))));
    }

    /** Return what the engine knows of the volume; empty if there is none of that name. */
    public Optional<VolumeDetails> find(String name) {
        try {
            return Optional.of(inspect(name));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    /** Create a local volume; if there is one of that name, it is returned as it is, with its own labels. */
    public VolumeDetails create(String name, Map<String, String> labels) {
        return made(name, Map.of("Labels", labels));
    }

    /**
     * Create a volume; if there is one of that name and driver, it is returned as it is.
     *
     * @param spec the body of the engine's {@code POST /volumes/create}, without the name
     */
    public VolumeDetails made(String name, Map<String, ?> spec) {
        Map<String, Object> body = new LinkedHashMap<>(spec);
        body.put("Name", name);
        return VolumeDetails.of(client.object(Call.post("/volumes/create").json(body)));
    }

    /**
     * Remove the volume and the data in it.
     *
     * @throws ConflictException if a container has it, running or not
     */
    public void remove(String name) {
        client.run(Call.delete(Call.path("/volumes/", name, "")));
    }
}
