package dev.withstack.launcher.scenario;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The images that the shared engine has built of services, or offline ones, and what each is good for. */
public final class ImagesAtHand {
    private static final String BUILT_OF = "dev.withstack.build";
    private static final String OFFLINE = "offline/";
    private static final String IN_PLACE_OF = "dev.withstack.offline.for";

    private final List<Image> images = new ArrayList<>();

    private record Image(String name, Map<String, Object> labels) {
        String label(String key) {
            return String.valueOf(labels.getOrDefault(key, ""));
        }

        /** Of a stack whose name that of what is deployed begins with. */
        boolean isBuiltOf(String deployed, String service) {
            String[] parts = label(BUILT_OF).split("/");
            return parts.length == 2 && deployed.startsWith(parts[0] + "-") && parts[1].equals(service);
        }

        boolean standsInFor(String wanted) {
            String whole = withTag(wanted);
            // what is built on one has its labels
            return name.startsWith(OFFLINE)
                    && Stream.of(label(IN_PLACE_OF).split(","))
                            .anyMatch(pattern ->
                                    whole.matches(pattern.replace(".", "\\.").replace("*", ".*")));
        }
    }

    public ImagesAtHand() throws IOException {
        // others come and go meanwhile
        add("label=" + BUILT_OF);
        add("reference=" + OFFLINE + "*");
    }

    private void add(String filter) throws IOException {
        for (String name : Docker.run("images", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}")
                .lines()
                .filter(name -> !name.contains("<none>"))
                .toList()) {
            String labels = Docker.run("image", "inspect", "--format", "{{json .Config.Labels}}", name);
            images.add(new Image(name, JSON.std.mapFrom(labels)));
        }
    }

    /**
     * Return the image of this name, or what has been built of the service, or what stands in for the name.
     *
     * @param deployed the name that the stack is deployed by
     */
    public String find(String wanted, String deployed, String service) {
        return named(wanted)
                .or(() -> builtOf(deployed, service))
                .or(() -> first(image -> image.name().startsWith(wanted + ":")))
                .or(() -> first(image -> image.standsInFor(wanted)))
                .orElseThrow(() -> new AssertionError("There is no image for '" + wanted + "' of '" + service + "'."));
    }

    /** Return what has been built of the service, for a stack that is deployed by that name. */
    public Optional<String> builtOf(String deployed, String service) {
        return first(image -> image.isBuiltOf(deployed, service));
    }

    private static Optional<String> named(String wanted) {
        String whole = withTag(wanted);
        return Docker.run("images", "--quiet", whole).isEmpty() ? Optional.empty() : Optional.of(whole);
    }

    private static String withTag(String name) {
        return name.contains(":") ? name : name + ":latest";
    }

    private Optional<String> first(Predicate<Image> suits) {
        return images.stream().filter(suits).map(Image::name).findFirst();
    }
}
