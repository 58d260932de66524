package dev.withstack.core.compose;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.Tier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service runs from: an image, or a build. */
final class Sources {
    private final Part part;
    private final Whole whole;
    private final Findings findings;
    private final boolean isSeveral;

    /**
     * @param part the service
     * @param isSeveral whether there is more than one of it
     */
    Sources(Part part, Whole whole, boolean isSeveral) {
        this.part = part;
        this.whole = whole;
        this.findings = whole.findings();
        this.isSeveral = isSeveral;
    }

    /** Return the service with its name and its source, and all that the catalogue knows of it. */
    Service service(Map<String, String> environment, List<String> command) {
        String name = whole.services().ours(part.name());
        Optional<String> image = part.text("image").filter(text -> !text.isBlank());
        Optional<Part> build = part.part("build");
        if (build.isPresent()) {
            return Service.image(name, "built")
                    .source(built(build.get(), image))
                    .tier(Tier.APPLICATION);
        } else if (image.isEmpty()) {
            findings.error(
                    part.place(),
                    "the service '" + part.name() + "' has neither an image nor a build.",
                    "Say 'image' or 'build'.");
        }
        String reference = image.orElse("none");
        Optional<Service> known = part.has("entrypoint") || isSeveral || HostReading.isElsewhere(part)
                ? Optional.empty()
                : KnownServers.find(name, reference, environment, command);
        return known.orElseGet(() -> Service.image(name, reference));
    }

    private Source.Build built(Part build, Optional<String> image) {
        Vocabulary.BUILD.check(build, findings);
        String context = build.text("context").orElse(".");
        if (context.contains("://") || context.startsWith("git@") || context.startsWith("github.com/")) {
            findings.error(
                    build.place("context"),
                    "an image can't be built from '" + context + "', which is not on this host.",
                    "Fetch it, and name the directory.");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        build.mapping("args").forEach((key, value) -> value.or(() -> whole.variable(key))
                .ifPresent(text -> arguments.put(key, text)));
        Optional<String> inline = build.text("dockerfile_inline");
        if (inline.isPresent() && build.has("dockerfile")) {
            findings.error(
                    build.place("dockerfile_inline"),
                    "'dockerfile' and 'dockerfile_inline' are two answers to one question.",
                    "Keep one of them.");
        }
        return new Source.Build(
                context,
                build.text("dockerfile").orElse("Dockerfile"),
                build.text("target").orElse(""),
                arguments,
                image.map(name -> name.replaceFirst(":[^/:]*$", "")).orElse(""),
                inline.orElse(""));
    }
}
