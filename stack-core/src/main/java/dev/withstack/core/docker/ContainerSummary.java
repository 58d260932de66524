package dev.withstack.core.docker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Hold a line of the list of containers.
 *
 * @param id the whole id
 * @param name the name, without the engine's leading slash
 * @param image the image as it was asked for
 * @param imageId the id of the image that it was made from
 * @param labels its labels, those of the image included
 * @param state what it does
 * @param health what its health check says
 * @param status the engine's words: {@code Up 2 hours (healthy)}, {@code Exited (137) 5 minutes ago}
 * @param ports what it publishes now; nothing while it does not run
 * @param networks where it is connected; the engine gives no aliases in a list
 * @param created when it was created
 */
public record ContainerSummary(
        String id,
        String name,
        String image,
        String imageId,
        Map<String, String> labels,
        ContainerState state,
        ContainerHealth health,
        String status,
        List<PublishedPort> ports,
        List<NetworkAttachment> networks,
        Instant created) {

    static ContainerSummary of(JsonObject json) {
        String status = json.text("Status");
        return new ContainerSummary(
                json.text("Id"),
                nameOf(json.texts("Names")),
                json.text("Image"),
                json.text("ImageID"),
                json.textMap("Labels"),
                ContainerState.of(json.text("State")),
                ContainerHealth.ofStatus(status),
                status,
                portsOf(json.objects("Ports")),
                NetworkAttachment.allIn(json.object("NetworkSettings")),
                Instant.ofEpochSecond(json.number("Created")));
    }

    /** Take the name that is not a link's ({@code /other/alias}). */
    private static String nameOf(List<String> names) {
        for (String name : names) {
            if (name.indexOf('/', 1) < 0) {
                return name.startsWith("/") ? name.substring(1) : name;
            }
        }
        return "";
    }

    private static List<PublishedPort> portsOf(List<JsonObject> ports) {
        List<PublishedPort> published = new ArrayList<>();
        for (JsonObject port : ports) {
            if (port.has("PublicPort")) {
                published.add(new PublishedPort(
                        port.text("IP"), port.integer("PublicPort"), port.integer("PrivatePort"), port.text("Type")));
            }
        }
        return Collections.unmodifiableList(published);
    }
}
