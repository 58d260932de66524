package dev.withstack.core.driver.container;

import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.HealthCommand;
import dev.withstack.core.docker.ImageDetails;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the health checks that images have, for services of which nobody has said how their readiness shows. */
final class ChecksOfImages {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final int USUAL_RETRIES = 3;

    private final DockerEngine engine;
    private final Observed observed;
    private final Map<String, Optional<HealthCommand>> known = new HashMap<>();

    ChecksOfImages(DockerEngine engine, Observed observed) {
        this.engine = engine;
        this.observed = observed;
    }

    StackDefinition in(StackDefinition definition) {
        boolean isAnyOpen = definition.services().values().stream().anyMatch(ChecksOfImages::isOpen);
        return isAnyOpen ? definition.map(service -> isOpen(service) ? asked(service) : service) : definition;
    }

    private static boolean isOpen(Service service) {
        Probe probe = service.probe().orElse(null);
        return probe instanceof Probe.Inferred || probe instanceof Probe.OfImage;
    }

    private Service asked(Service service) {
        return checkOf(service)
                .map(check -> service.probe(new Probe.OfImage(words(check), Probe.OfImage.Otherwise.NOTHING))
                        .patience(patience(check)))
                .orElse(service);
    }

    private Optional<HealthCommand> checkOf(Service service) {
        // replicas have the image of their first
        String name = observed.images().containsKey(service.name()) ? service.name() : service.name() + "-1";
        return Optional.ofNullable(observed.images().get(name))
                .map(ImageUse::id)
                .filter(id -> !id.isEmpty())
                .flatMap(id -> known.computeIfAbsent(id, this::find));
    }

    private Optional<HealthCommand> find(String image) {
        return engine.images()
                .find(image)
                .flatMap(ImageDetails::healthCheck)
                .filter(check -> check.test().size() > 1 && !check.test().get(0).equals("NONE"));
    }

    private static List<String> words(HealthCommand check) {
        List<String> words =
                new ArrayList<>(check.test().subList(1, check.test().size()));
        if (check.test().get(0).equals("CMD-SHELL")) {
            words.addAll(0, List.of("/bin/sh", "-c"));
        }
        return words;
    }

    /** The engine would not call it unhealthy before this. */
    private static Duration patience(HealthCommand check) {
        Duration tried = orUsual(check.interval()).plus(orUsual(check.timeout()));
        Duration longest =
                check.startPeriod().plus(tried.multipliedBy(check.retries() > 0 ? check.retries() : USUAL_RETRIES));
        return longest.compareTo(Probe.PATIENCE) > 0 ? longest : Probe.PATIENCE;
    }

    private static Duration orUsual(Duration said) {
        return said.isZero() ? USUAL : said;
    }
}
