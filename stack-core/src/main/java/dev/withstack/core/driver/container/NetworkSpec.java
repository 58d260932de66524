package dev.withstack.core.driver.container;

import dev.withstack.core.docker.NetworkDetails;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.StackDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a network of a stack means in the words of the engine, and whether one that is there means the same. */
final class NetworkSpec {
    private NetworkSpec() {}

    /** Return the body of the call that creates the network of that name. */
    static Map<String, Object> create(StackDefinition definition, String name) {
        Map<String, String> labels = Labels.of(definition.id());
        Map<String, Object> spec = new LinkedHashMap<>(Map.of("Driver", "bridge", "Labels", labels));
        declared(definition, name).ifPresent(network -> {
            spec.put("Internal", network.kind() == Network.Kind.INTERNAL);
            if (!network.subnets().isEmpty()) {
                labels.put(Labels.SUBNETS, subnets(network));
                spec.put(
                        "IPAM",
                        Map.of(
                                "Config",
                                network.subnets().stream()
                                        .map(subnet -> Map.of("Subnet", subnet))
                                        .toList()));
            }
        });
        return spec;
    }

    /** Return what differs between the network that is there and what the definition has under its name. */
    static Optional<String> change(StackDefinition definition, NetworkDetails there) {
        Optional<Network> wanted =
                declared(definition, there.name()).filter(network -> network.kind() != Network.Kind.OUTSIDE);
        return wanted.flatMap(network -> change(network, there));
    }

    private static Optional<String> change(Network wanted, NetworkDetails there) {
        boolean isInternal = wanted.kind() == Network.Kind.INTERNAL;
        if (isInternal != (there.reach() == NetworkDetails.Reach.INWARD)) {
            return Optional.of(isInternal ? "internal now" : "no longer internal");
        }
        List<String> ranges =
                there.subnets().stream().map(NetworkDetails.Subnet::range).toList();
        boolean hasOthers = wanted.subnets().isEmpty()
                ? there.labels().containsKey(Labels.SUBNETS)
                : !wanted.subnets().equals(ranges);
        if (hasOthers) {
            return Optional.of(wanted.subnets().isEmpty() ? "any subnet now" : "subnet " + subnets(wanted) + " now");
        }
        return Optional.empty();
    }

    private static Optional<Network> declared(StackDefinition definition, String name) {
        return definition.declaredNetworks().stream()
                .filter(network -> network.nameIn(definition.id()).equals(name))
                .findFirst();
    }

    private static String subnets(Network network) {
        return String.join(",", network.subnets());
    }
}
