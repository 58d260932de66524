package dev.withstack.core.docker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Hold what the engine knows of one network.
 *
 * @param members who is connected; lists of networks leave it empty
 */
public record NetworkDetails(
        String id,
        String name,
        String driver,
        String scope,
        Reach reach,
        Map<String, String> labels,
        List<Subnet> subnets,
        List<Member> members,
        Instant created) {

    /** Whether it leads anywhere but to its members. */
    public enum Reach {
        OUTWARD,
        INWARD
    }

    /** An address range of the network; either may be empty. */
    public record Subnet(String range, String gateway) {}

    /** A running container that is connected; the address is IPv4, without its prefix length. */
    public record Member(String containerId, String containerName, String ipAddress) {}

    static NetworkDetails of(JsonObject json) {
        List<Subnet> subnets = new ArrayList<>();
        for (JsonObject one : json.object("IPAM").objects("Config")) {
            subnets.add(new Subnet(one.text("Subnet"), one.text("Gateway")));
        }
        List<Member> members = new ArrayList<>();
        JsonObject containers = json.object("Containers");
        for (String id : containers.fields().keySet()) {
            JsonObject one = containers.object(id);
            String address = one.text("IPv4Address");
            int slash = address.indexOf('/');
            members.add(new Member(id, one.text("Name"), slash < 0 ? address : address.substring(0, slash)));
        }
        return new NetworkDetails(
                json.text("Id"),
                json.text("Name"),
                json.text("Driver"),
                json.text("Scope"),
                json.flag("Internal") ? Reach.INWARD : Reach.OUTWARD,
                json.textMap("Labels"),
                Collections.unmodifiableList(subnets),
                Collections.unmodifiableList(members),
                Rfc3339.instant(json.text("Created")).orElse(Instant.EPOCH));
    }
}
