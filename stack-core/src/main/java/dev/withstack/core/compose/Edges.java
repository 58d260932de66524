package dev.withstack.core.compose;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service waits for. */
final class Edges {
    private final Part part;
    private final Whole whole;
    private final Findings findings;

    /** @param part the service */
    Edges(Part part, Whole whole) {
        this.part = part;
        this.whole = whole;
        this.findings = whole.findings();
    }

    Service of(Service service) {
        Service needing = service;
        for (Part dependency : part.parts("depends_on").values()) {
            Vocabulary.DEPENDENCY.check(dependency, findings);
            Optional<Dependency> edge = edge(dependency);
            if (edge.isPresent()) {
                needing = needing.needs(edge.get());
            }
        }
        for (String link : part.has("links") ? part.texts("links") : List.<String>of()) {
            String target = link.split(":")[0];
            boolean isNew = needing.dependencies().stream()
                    .noneMatch(known -> known.on().equals(whole.services().ours(target)));
            if (isNew && checkThere(target, part.place("links"))) {
                needing = needing.needs(new Dependency(whole.services().ours(target), Dependency.Condition.STARTED));
            }
        }
        return needing;
    }

    private Optional<Dependency> edge(Part dependency) {
        if (!checkThere(dependency.name(), dependency.place())) {
            return Optional.empty();
        }
        String on = whole.services().ours(dependency.name());
        Dependency edge =
                switch (dependency.text("condition").orElse("service_started")) {
                    case "service_started" -> new Dependency(on, Dependency.Condition.STARTED);
                    case "service_healthy" -> Dependency.healthy(on);
                    case "service_completed_successfully" -> Dependency.completed(on);
                    default -> {
                        findings.error(
                                dependency.place("condition"),
                                "there is no such condition.",
                                "Write service_started, service_healthy or service_completed_successfully.");
                        yield new Dependency(on, Dependency.Condition.STARTED);
                    }
                };
        boolean isOptional = dependency.has("required") && !dependency.flag("required");
        Dependency needed = isOptional ? Dependency.optional(edge) : edge;
        return Optional.of(dependency.flag("restart") ? Dependency.together(needed) : needed);
    }

    private boolean checkThere(String name, Place place) {
        if (!whole.services().has(name)) {
            findings.error(
                    place,
                    "'" + part.name() + "' needs '" + name + "', which the file does not have.",
                    "Name one of: " + whole.services().list() + ".");
        }
        return whole.services().has(name);
    }

    /** Return the names of services that this one waits for to be completed. */
    static List<String> completedFor(Part part) {
        return part.parts("depends_on").values().stream()
                .filter(dependency -> dependency.text("condition").orElse("").equals("service_completed_successfully"))
                .map(Part::name)
                .toList();
    }

    /** Return the other names that links of this service give to others, by service. */
    static Map<String, String> linkNames(Part part) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String link : part.has("links") ? part.texts("links") : List.<String>of()) {
            String[] words = link.split(":");
            if (words.length == 2) {
                names.put(words[0], words[1]);
            }
        }
        return names;
    }
}
