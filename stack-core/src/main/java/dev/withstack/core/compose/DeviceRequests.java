package dev.withstack.core.compose;

import dev.withstack.core.model.Setup.DeviceRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The devices that a service asks a driver of the engine for: GPUs, as {@code gpus} says it, or as {@code deploy} does. */
final class DeviceRequests {
    private static final String GPU = "gpu";

    private final Part part;
    private final Findings findings;

    /** @param part the service */
    DeviceRequests(Part part, Findings findings) {
        this.part = part;
        this.findings = findings;
    }

    List<DeviceRequest> all() {
        List<DeviceRequest> all = new ArrayList<>();
        for (Part gpus : part.has("gpus") ? part.list("gpus") : List.<Part>of()) {
            all.add(request(gpus, List.of(GPU)));
        }
        Optional<Part> reserved = part.part("deploy")
                .flatMap(deploy -> deploy.part("resources"))
                .flatMap(resources -> resources.part("reservations"))
                .filter(reservations -> reservations.has("devices"));
        for (Part device : reserved.map(part -> part.list("devices")).orElse(List.of())) {
            if (!device.has("capabilities")) {
                findings.error(
                        device.place(),
                        "a device is reserved by its 'capabilities', and none are said.",
                        "Write capabilities: [gpu].");
            }
            all.add(request(device, List.of()));
        }
        return all;
    }

    private DeviceRequest request(Part device, List<String> always) {
        Vocabulary.DEVICE_REQUEST.check(device, findings);
        List<String> ids = device.has("device_ids") ? device.texts("device_ids") : List.of();
        if (!ids.isEmpty() && device.has("count")) {
            findings.error(
                    device.place("count"), "devices are either counted or named by their ids.", "Keep one of the two.");
        }
        List<String> capabilities = new ArrayList<>(always);
        (device.has("capabilities") ? device.texts("capabilities") : List.<String>of())
                .stream().filter(one -> !capabilities.contains(one)).forEach(capabilities::add);
        Map<String, String> options = new LinkedHashMap<>();
        device.mapping("options").forEach((name, option) -> options.put(name, option.orElse("")));
        return new DeviceRequest(
                device.text("driver").orElse(""), ids.isEmpty() ? count(device) : 0, ids, capabilities, options);
    }

    /** Nothing said means all there are. */
    private static int count(Part device) {
        boolean isAll = !device.has("count") || device.text("count").orElse("").equals("all");
        return isAll ? DeviceRequest.ALL : device.number("count", 1, 1_000).orElse(DeviceRequest.ALL);
    }
}
