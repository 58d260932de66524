package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerSummary;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.driver.Lease;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Lineup;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.ImageUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The labels by which everything of a stack is known again. What they hold is a contract between versions. */
final class Labels {
    static final String STACK = "dev.withstack.stack";
    static final String ENVIRONMENT = "dev.withstack.environment";
    static final String RUN = "dev.withstack.run";
    /** On what goes with the process that made it: runs, of which several may happen at once. */
    static final String LEASE = "dev.withstack.lease";

    static final String SERVICE = "dev.withstack.service";
    static final String LINEAGE = "dev.withstack.lineage";
    static final String BUILD = "dev.withstack.build";
    /** On an image that keeps the initial data of a service: the one that it was first kept of. */
    static final String INITIAL = "dev.withstack.initial";
    /** On an image that says that such data can't be kept. */
    static final String INITIAL_REFUSED = "dev.withstack.initial.refused";

    static final String OFFLINE_FOR = "dev.withstack.offline.for";
    static final String OFFLINE_KIND = "dev.withstack.offline.kind";
    static final String OFFLINE_WHAT = "dev.withstack.offline.what";
    /** Other containers name their stack so. */
    static final String COMPOSE_PROJECT = "com.docker.compose.project";

    /** On what is green; all else is blue. */
    private static final String COLOUR = "dev.withstack.colour";

    /** On what runs to its end, once. */
    private static final String ONE_SHOT = "dev.withstack.one-shot";

    /** The port by which readiness is inferred, where nothing says how it shows. */
    private static final String READY_BY = "dev.withstack.ready-by";

    private static final String FINGERPRINT = "dev.withstack.fingerprint";
    private static final String NEEDS = "dev.withstack.needs";
    private static final String IMAGE_ASKED = "dev.withstack.image.asked";
    private static final String IMAGE_USED = "dev.withstack.image.used";
    private static final String IMAGE_STANDING = "dev.withstack.image.standing";
    private static final String IMAGE_NOTE = "dev.withstack.image.note";

    private Labels() {}

    /** Return what marks something as belonging to the stack. */
    static Map<String, String> of(StackId id) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(STACK, id.stack());
        labels.put(ENVIRONMENT, id.environment().id());
        labels.put(RUN, id.run());
        if (id.environment() == Environment.TEST && !id.run().isEmpty()) {
            labels.put(LEASE, (id.isKept() ? Lease.ofNobody() : Lease.ofThisProcess()).toLabel());
        }
        return labels;
    }

    /** Return what finds everything that belongs to the stack. */
    static LabelFilter filter(StackId id) {
        return LabelFilter.label(STACK, id.stack())
                .and(ENVIRONMENT, id.environment().id())
                .and(RUN, id.run());
    }

    static boolean belongTo(StackId id, Map<String, String> labels) {
        return id.stack().equals(labels.get(STACK))
                && id.environment().id().equals(labels.get(ENVIRONMENT))
                && id.run().equals(labels.getOrDefault(RUN, ""));
    }

    /** On a network, the addresses that the definition gives it. */
    static final String SUBNETS = "dev.withstack.subnets";

    static Map<String, String> ofContainer(StackDefinition definition, Service service, ImageUse image) {
        Map<String, String> labels = of(definition.id());
        List<String> needs = service.dependencies().stream().map(Dependency::on).toList();
        labels.put(SERVICE, service.name());
        labels.put(FINGERPRINT, Fingerprint.of(definition, service, image).toLabel());
        labels.put(NEEDS, String.join(",", needs));
        labels.put(IMAGE_ASKED, image.asked());
        labels.put(IMAGE_USED, image.used());
        labels.put(IMAGE_STANDING, image.standing().name());
        labels.put(IMAGE_NOTE, image.note());
        labels.put(LINEAGE, image.lineage());
        if (service.colour() == Lineup.Colour.GREEN) {
            labels.put(COLOUR, service.colour().id());
        }
        if (service.isOneShot()) {
            labels.put(ONE_SHOT, "true");
        }
        service.probe()
                .filter(Probe.Inferred.class::isInstance)
                .map(probe -> service.endpoint(((Probe.Inferred) probe).endpoint()))
                .ifPresent(endpoint -> labels.put(READY_BY, Integer.toString(endpoint.port())));
        if (service.source() instanceof Source.Build) {
            labels.put(BUILD, buildOf(definition.id(), service.declaredName()));
        }
        return labels;
    }

    /** Return the value of {@link #BUILD} for images built of a service. */
    static String buildOf(StackId id, String service) {
        return id.stack() + "/" + service;
    }

    /** Return the name of a container that was set aside; labels can't be changed, so the name has to tell. */
    static String nameAside(StackId id, String service) {
        return id.containerName(service) + ".before";
    }

    /** Return the name of a container that is kept as the way back. */
    static String nameKept(StackId id, String service) {
        return id.containerName(service) + ".kept";
    }

    /** Return which of two versions a container is of. */
    static Lineup.Colour colour(Map<String, String> labels) {
        return Lineup.Colour.GREEN.id().equals(labels.get(COLOUR)) ? Lineup.Colour.GREEN : Lineup.Colour.BLUE;
    }

    /** Tell whether an image was built of a service of the stack, or keeps the initial data of one. */
    static boolean isMadeOf(String stack, Map<String, String> labels) {
        return labels.getOrDefault(BUILD, "").startsWith(stack + "/")
                || labels.getOrDefault(INITIAL, "").startsWith(stack + "/");
    }

    static Fingerprint fingerprint(ContainerSummary container) {
        return Fingerprint.fromLabel(container.labels().getOrDefault(FINGERPRINT, ""));
    }

    static boolean isOneShot(ContainerSummary container) {
        return container.labels().containsKey(ONE_SHOT);
    }

    /** Return a remark for people on how the container's readiness is known; empty where a check says it. */
    static String remark(ContainerSummary container) {
        String port = container.labels().getOrDefault(READY_BY, "");
        return port.isEmpty() ? "" : ", no health check: ready by port " + port;
    }

    static List<String> needs(ContainerSummary container) {
        String needs = container.labels().getOrDefault(NEEDS, "");
        return needs.isEmpty() ? List.of() : List.of(needs.split(","));
    }

    static ImageUse image(ContainerSummary container) {
        Map<String, String> labels = container.labels();
        return new ImageUse(
                labels.getOrDefault(IMAGE_ASKED, container.image()),
                labels.getOrDefault(IMAGE_USED, container.image()),
                container.imageId(),
                standing(labels.getOrDefault(IMAGE_STANDING, "")),
                labels.getOrDefault(IMAGE_NOTE, ""),
                labels.getOrDefault(LINEAGE, ""));
    }

    private static ImageUse.Standing standing(String name) {
        for (ImageUse.Standing standing : ImageUse.Standing.values()) {
            if (standing.name().equals(name)) {
                return standing;
            }
        }
        return ImageUse.Standing.UPSTREAM;
    }
}
