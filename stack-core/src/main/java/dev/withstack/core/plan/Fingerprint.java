package dev.withstack.core.plan;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Ordered;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.VolumeMount;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a container is made from, as one short digest for each part: two are compared to tell not only that something
 * changed, but what. The image's id is compared apart from it.
 */
public record Fingerprint(Map<String, String> parts) {
    /** On what has the names of line-ups, which earlier versions did not give. */
    private static final String LINEUPS = "line-ups";

    /** What the part of each declared network that the container is on begins with. */
    public static final String OF_NETWORK = "network ";

    private static final int DIGEST_LENGTH = 10;
    private static final int KEY_LENGTH = 32;
    private static final Set<String> OF_FIRST_WRITING = Set.of("command", "env", "file", "limits", "hardening");

    public Fingerprint {
        parts = Ordered.copyOf(parts);
    }

    /** Take the fingerprint of a service of the stack, as its container is made from the image. */
    public static Fingerprint of(StackDefinition definition, Service service, ImageUse image) {
        AddressBook addresses = HostAddresses.seenBy(service, definition);
        Map<String, String> parts = new LinkedHashMap<>();
        if (service.source() instanceof Source.Process process) {
            put(parts, "directory", process.directory());
            put(
                    parts,
                    "program",
                    process.command().stream()
                            .map(word -> word.resolve(addresses))
                            .toList());
        } else {
            put(parts, "image", sourceText(service.source()));
        }
        put(parts, "command", service.command());
        service.environment().forEach((name, value) -> put(parts, "env " + name, value.resolve(addresses)));
        service.endpoints().forEach(endpoint -> put(parts, "port " + endpoint.name(), portText(endpoint)));
        Map<String, List<String>> paths = new LinkedHashMap<>();
        service.volumes().forEach(volume -> paths.computeIfAbsent(volume.volume(), name -> new ArrayList<>())
                .add(volume.path()));
        service.volumes().stream()
                .filter(VolumeMount::isReadOnly)
                .forEach(volume -> put(parts, "volume " + volume.volume() + " at " + volume.path(), "read-only"));
        paths.forEach((volume, at) -> put(parts, "volume " + volume, at.size() == 1 ? at.get(0) : at));
        put(parts, "aliases", service.aliases());
        put(parts, "health check", service.containerCheck());
        put(parts, "limits", service.limits());
        put(parts, "restart policy", service.restartPolicy());
        put(parts, "stop policy", service.stopPolicy());
        service.files().forEach(file -> putFile(parts, file, addresses, image));
        // parts that few services have are left out of the others, so that a version which knows more changes nothing
        if (definition.declaresNetworks()) {
            definition.networksOf(service).forEach(network -> put(parts, OF_NETWORK + network, ""));
        }
        if (!service.hardening().equals(Hardening.NONE)) {
            put(parts, "hardening", service.hardening());
        }
        if (service.entry().isPresent()) {
            put(parts, LINEUPS, "");
        }
        service.setup().parts().forEach((name, meaning) -> put(parts, name, meaning));
        service.logRotation().ifPresent(rotation -> put(parts, "log rotation", rotation));
        return new Fingerprint(parts);
    }

    private static void putFile(Map<String, String> parts, FileMount file, AddressBook withinNetwork, ImageUse image) {
        if (file instanceof FileMount.Generated generated) {
            put(parts, "file " + file.path(), generated.content(image.version()).resolve(withinNetwork));
        } else if (file instanceof FileMount.Copied copied) {
            put(parts, "file " + file.path(), copied.digest());
        } else if (file instanceof FileMount.Bound bound) {
            put(parts, "bind " + file.path(), bound.source() + " " + bound.access());
        } else {
            ((FileMount.FromProject) file)
                    .otherwise()
                    .forEach(generated -> putFile(parts, generated, withinNetwork, image));
        }
    }

    /** Tell whether the container has the names of the line-ups that it is in. */
    public boolean hasLineups() {
        return parts.containsKey(LINEUPS);
    }

    /** Return what differs from an earlier fingerprint, such as {@code env POSTGRES_DB}; empty if nothing does. */
    public List<String> changesSince(Fingerprint earlier) {
        List<String> changes = new ArrayList<>();
        parts.forEach((part, digest) -> {
            String before = earlier.parts.get(part);
            if (before == null) {
                changes.add(part + " (new)");
            } else if (!before.equals(digest)) {
                changes.add(part);
            }
        });
        earlier.parts.keySet().stream()
                .filter(part -> !parts.containsKey(part))
                .forEach(part -> changes.add(part + " (gone)"));
        return changes;
    }

    /** Return a digest of the image and of all parts that what the container first writes may follow from. */
    String ofInitialData(ImageUse image) {
        StringBuilder parted = new StringBuilder(image.id());
        parts.forEach((part, digest) -> {
            if (OF_FIRST_WRITING.contains(part.split(" ")[0])) {
                parted.append(';').append(part).append('=').append(digest);
            }
        });
        return sha256(parted.toString()).substring(0, KEY_LENGTH);
    }

    /** Write the fingerprint as one line, for a label. */
    public String toLabel() {
        StringBuilder label = new StringBuilder();
        parts.forEach((part, digest) -> label.append(label.isEmpty() ? "" : ";")
                .append(part.replace("%", "%25").replace(";", "%3B"))
                .append('=')
                .append(digest));
        return label.toString();
    }

    /** Read what {@link #toLabel()} wrote; what can't be read counts as changed. */
    public static Fingerprint fromLabel(String label) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String entry : label.split(";")) {
            int equals = entry.lastIndexOf('=');
            if (equals > 0) {
                parts.put(
                        entry.substring(0, equals).replace("%3B", ";").replace("%25", "%"),
                        entry.substring(equals + 1));
            }
        }
        return new Fingerprint(parts);
    }

    private static String sourceText(Source source) {
        if (source instanceof Source.Image image) {
            // that the same image is pinned by its digest is no change; another has another id
            return image.reference().replaceFirst("(:[^/@]+)@sha256:[0-9a-f]+$", "$1");
        }
        if (source instanceof Source.Provided provided) {
            return provided.type();
        }
        if (source instanceof Source.External external) {
            return external.addresses().stream()
                    .map(HostAndPort::toString)
                    .toList()
                    .toString();
        }
        // the content of a build stands in its image's id
        return "built";
    }

    private static String portText(Endpoint endpoint) {
        return endpoint.port() + " " + endpoint.publication();
    }

    private static void put(Map<String, String> parts, String part, Object meaning) {
        parts.put(part, sha256(meaning.toString()).substring(0, DIGEST_LENGTH));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
