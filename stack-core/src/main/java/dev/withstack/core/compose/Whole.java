package dev.withstack.core.compose;

import dev.withstack.core.compose.Item.Field;
import dev.withstack.core.compose.Item.Fields;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Network;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all services of a Compose file share. Used by one thread. */
final class Whole {
    private static final int SHORTEST_SECRET = 6;

    private final Part top;
    private final Path project;
    private final Settings settings;
    private final Variables variables;
    private final Findings findings;
    private final ComposeNames services;
    private final ComposeNames networks;
    private final String open;

    Whole(Fields tree, Path project, Settings settings, Variables variables, Findings findings) {
        this.top = new Part("the file", new Field(tree.place(), tree), findings);
        this.project = project;
        this.settings = settings;
        this.variables = variables;
        this.findings = findings;
        this.services = new ComposeNames(top.parts("services").values(), "service", findings);
        this.networks = new ComposeNames(networkParts().values(), "network", findings);
        this.open = openNames();
    }

    void check() {
        Vocabulary.TOP.check(top, findings);
        networkParts().values().forEach(this::checkNetwork);
        volumes().values().forEach(this::checkVolume);
        secrets().values().forEach(secret -> Vocabulary.SECRET.check(secret, findings));
        configs().values().forEach(config -> Vocabulary.CONFIG.check(config, findings));
        if (serviceParts().isEmpty()) {
            findings.error(top.place(), "has no services.", "Declare them under 'services'.");
        }
    }

    private void checkNetwork(Part network) {
        Vocabulary.NETWORK.check(network, findings);
        network.text("driver")
                .filter(driver -> !driver.equals("bridge"))
                .ifPresent(driver -> findings.error(
                        network.place("driver"),
                        "a network of the driver '" + driver + "' is not made here.",
                        "Leave 'driver' out."));
    }

    /**
     * Return the network that the file declares. One of somebody else's is none under test, where nothing is shared.
     *
     * @param name of ours
     */
    Network network(String name, Part network) {
        Network.Kind kind = network.flag("internal") ? Network.Kind.INTERNAL : Network.Kind.OPEN;
        // an old way to write it has the name within
        Optional<Part> outside = outside(network);
        if (outside.isPresent() || network.flag("external")) {
            kind = environment() == Environment.TEST ? Network.Kind.OPEN : Network.Kind.OUTSIDE;
        }
        Optional<String> written = network.text("name").or(() -> outside.flatMap(part -> part.text("name")));
        String whole = written.orElse(kind == Network.Kind.OUTSIDE ? network.name() : "");
        return new Network(name, whole, kind, kind == Network.Kind.OUTSIDE ? List.of() : subnets(network));
    }

    private static Optional<Part> outside(Part part) {
        return part.isMapping("external") ? part.part("external") : Optional.empty();
    }

    private List<String> subnets(Part network) {
        List<String> subnets = new ArrayList<>();
        Optional<Part> ipam = network.part("ipam");
        ipam.ifPresent(part -> Vocabulary.IPAM.check(part, findings));
        for (Part pool : ipam.filter(part -> part.has("config"))
                .map(part -> part.list("config"))
                .orElse(List.of())) {
            Vocabulary.POOL.check(pool, findings);
            Optional<String> subnet = pool.text("subnet");
            if (subnet.filter(text -> text.contains(":")).isPresent()) {
                findings.warning(pool.place("subnet"), "it has no effect: a network has version 4 of IP only.", "");
            } else {
                subnet.ifPresent(subnets::add);
            }
        }
        return subnets;
    }

    private void checkVolume(Part volume) {
        Vocabulary.VOLUME.check(volume, findings);
        if (isExternal(volume) && (volume.has("driver") || volume.has("driver_opts"))) {
            findings.error(
                    volume.place(volume.has("driver") ? "driver" : "driver_opts"),
                    "the volume '" + volume.name() + "' is external, and so is made by somebody else.",
                    "Keep one of the two.");
        }
    }

    private static boolean isExternal(Part volume) {
        return outside(volume).isPresent() || volume.flag("external");
    }

    private static VolumeMount.Driver driver(Part volume) {
        Map<String, String> options = new LinkedHashMap<>();
        volume.mapping("driver_opts").forEach((name, option) -> options.put(name, option.orElse("")));
        return new VolumeMount.Driver(volume.text("driver").orElse(VolumeMount.Driver.USUAL.name()), options);
    }

    private String openNames() {
        StringBuilder open = new StringBuilder();
        serviceParts().forEach((name, part) -> open.append(name)
                .append('\n')
                .append(part.isText("image") ? part.text("image").orElse("") : "")
                .append('\n'));
        return open.toString();
    }

    /** Return what is shown as a name all the time, and is therefore no secret. */
    String open() {
        return open;
    }

    /** Return a text of a container as a value, in which what variables hold of secrets is secret. */
    Value value(String text) {
        List<String> hidden = variables.secrets().values().stream()
                .filter(secret -> secret.length() >= SHORTEST_SECRET && !open.contains(secret))
                .toList();
        return Value.hiding(text, hidden);
    }

    Findings findings() {
        return findings;
    }

    Path project() {
        return project;
    }

    Environment environment() {
        return settings.environment();
    }

    ComposeNames services() {
        return services;
    }

    ComposeNames networks() {
        return networks;
    }

    Map<String, Part> serviceParts() {
        return top.parts("services");
    }

    Map<String, Part> networkParts() {
        return top.parts("networks");
    }

    private Map<String, Part> volumes() {
        return top.parts("volumes");
    }

    Map<String, Part> secrets() {
        return top.parts("secrets");
    }

    Map<String, Part> configs() {
        return top.parts("configs");
    }

    /** Find the value of a variable that a container is given. */
    Optional<String> variable(String name) {
        return variables.find(name);
    }

    /** Find the value of a variable that is a secret, whatever its name. */
    Optional<String> secret(String name) {
        return variables.findSecret(name);
    }

    /** Return the mount of a volume that the file declares. */
    VolumeMount volume(String name, String path, Part mount) {
        Part volume = volumes().get(name);
        if (volume == null) {
            findings.error(
                    mount.place(),
                    "the volume '" + name + "' is not declared.",
                    "Declare it at the top, under 'volumes'.");
            return new VolumeMount(name, path);
        }
        Optional<Part> outside = outside(volume);
        Optional<String> whole = volume.text("name").or(() -> outside.flatMap(external -> external.text("name")));
        VolumeMount made = isExternal(volume) || whole.isPresent()
                ? new VolumeMount(whole.orElse(name), path, VolumeMount.Naming.WHOLE)
                : new VolumeMount(name, path);
        return made.madeBy(driver(volume));
    }
}
