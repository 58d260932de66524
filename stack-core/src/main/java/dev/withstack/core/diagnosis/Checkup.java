package dev.withstack.core.diagnosis;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.Observed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at a stack from every side without changing anything: the engine, the ports and who holds them, each service
 * from inside its container, from a neighbour in the network and from this host, and the streams that services promise.
 * Used once, by one thread.
 */
public final class Checkup {
    private final Driver driver;
    private final StackDefinition definition;
    private final ServicesCheck services;
    private final Observed observed;
    private final List<Finding> findings = new ArrayList<>();

    /** @param definition with the ports that the stack runs on */
    public Checkup(Driver driver, StackDefinition definition) {
        this.driver = driver;
        this.definition = definition;
        this.services = new ServicesCheck(driver, definition);
        this.observed = services.observed();
    }

    /** Look at everything and return what was found, group by group, in the order of the definition. */
    public List<Finding> run() throws InterruptedException {
        findings.addAll(new HostCheck(driver).run(definition));
        checkPorts();
        checkImages();
        findings.addAll(services.run());
        checkLeftovers();
        return findings.stream().sorted(Comparator.comparing(Finding::group)).toList();
    }

    /** Say of every port that the stack wants on this host who has it. */
    private void checkPorts() {
        List<String> held = new ArrayList<>();
        List<String> free = new ArrayList<>();
        for (Service service : definition.services().values()) {
            for (Endpoint endpoint : service.endpoints()) {
                if (endpoint.publication() instanceof Endpoint.Fixed fixed
                        && !(service.source() instanceof Source.External)) {
                    boolean isHeld = observed.container(service.name())
                            .filter(container -> !container.isDown())
                            .isPresent();
                    String owner = observed.portOwners().get(fixed.hostPort());
                    (isHeld || owner != null ? held : free)
                            .add(fixed.hostPort() + " " + (owner == null || isHeld ? service.name() : owner));
                }
            }
        }
        if (!held.isEmpty() || !free.isEmpty()) {
            String text = held.isEmpty() ? "" : "held: " + String.join(", ", held);
            String rest = free.isEmpty() ? "" : "free: " + String.join(", ", free);
            findings.add(Finding.good(
                    Finding.Group.HOST, "ports", text + (text.isEmpty() || rest.isEmpty() ? "" : "; ") + rest));
        }
    }

    /** An image that is not there yet makes the next start slow, or impossible where no registry is reached. */
    private void checkImages() {
        int present = 0;
        boolean isAnyAbsent = false;
        for (Service service : definition.services().values()) {
            ImageUse image = observed.images().get(service.name());
            if (image != null && !image.id().isEmpty()) {
                present++;
            } else if (image != null && !image.isPresent()) {
                isAnyAbsent = true;
                boolean isBuilt = image.standing() == ImageUse.Standing.BUILT;
                findings.add(Finding.doubtful(
                        Finding.Group.IMAGES,
                        service.name(),
                        isBuilt
                                ? "its image is not built yet; the next start builds it"
                                : image.used() + " is not here yet; the next start asks a registry for it",
                        (isBuilt ? "build " : "pull ") + service.name()));
            }
        }
        if (!isAnyAbsent && present > 0) {
            findings.add(Finding.good(Finding.Group.IMAGES, "images", "all " + present + " are here"));
        }
    }

    /** What is there by the stack's labels, and no longer part of it. */
    private void checkLeftovers() {
        for (Observed.Container container : observed.containers().values()) {
            if (!definition.services().containsKey(container.service())
                    && definition.hadReplica(container.service()).isEmpty()) {
                findings.add(Finding.doubtful(
                        Finding.Group.LEFTOVERS,
                        container.service(),
                        "container " + container.name() + " is there but no longer part of the stack",
                        "down " + container.service()));
            }
        }
        observed.aside()
                .values()
                .forEach(container -> findings.add(Finding.doubtful(
                        Finding.Group.LEFTOVERS,
                        container.service(),
                        "container " + container.name() + " was set aside by a start that did not come to its end",
                        "start " + container.service())));
        Set<String> known = new LinkedHashSet<>();
        definition.services().values().forEach(service -> service.volumes()
                .forEach(mount -> known.add(mount.nameIn(definition.id()))));
        driver.observe(definition.id()).volumes().keySet().stream()
                .filter(volume -> !known.contains(volume))
                .forEach(volume -> findings.add(Finding.doubtful(
                        Finding.Group.LEFTOVERS,
                        volume,
                        "the volume belongs to the stack, and no service uses it any more",
                        "look into it, then: docker volume rm " + volume)));
        driver.leftBehind()
                .forEach(run -> findings.add(Finding.doubtful(
                        Finding.Group.LEFTOVERS,
                        run.toString(),
                        "a test whose process has ended left it behind",
                        "the next test stack on this machine removes it")));
    }
}
