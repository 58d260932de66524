package dev.withstack.core.plan;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed.Container;
import java.util.List;

/** Compares containers with what they should be. */
final class Comparison {
    private final StackDefinition definition;
    private final Observed observed;

    Comparison(StackDefinition definition, Observed observed) {
        this.definition = definition;
        this.observed = observed;
    }

    /** Return why the container has to be made anew; empty if it is as it should be. */
    String causeToRecreate(Service service, Container container) {
        List<String> changes =
                Fingerprint.of(definition, service, imageOf(service)).changesSince(container.fingerprint());
        ImageUse image = imageOf(service);
        if (!changes.isEmpty()) {
            return "config changed: " + String.join(", ", changes);
        }
        if (!image.id().isEmpty() && !image.id().equals(container.imageId())) {
            return service.source() instanceof Source.Build ? "source changed" : "image changed: " + image.used();
        }
        if (!image.isPresent()) {
            return "image changed";
        }
        for (String network : definition.networksOf(service)) {
            if (!observed.networks().contains(network)) {
                // it may have been removed while all was stopped, and a container can't be moved to a new one
                return "its network " + network + " is gone";
            } else if (observed.changedNetworks().containsKey(network)) {
                return "its network " + network + " is "
                        + observed.changedNetworks().get(network);
            } else if (!container.networks().contains(network)) {
                return "not on network " + network;
            }
        }
        if (container.state() == Observed.State.CREATED && !service.files().isEmpty()) {
            // whoever created it may have been killed before the files were in it
            return "created, perhaps without its files";
        }
        if (!container.name().equals(definition.id().containerName(service.name()))) {
            return "renamed to '" + container.name() + "'";
        }
        return container.state() == Observed.State.DEAD ? "dead" : "";
    }

    /** One that was set aside earlier is what there is to go back to: what replaced it never proved itself. */
    boolean canComeBack(Container container) {
        boolean hasRun = container.state() != Observed.State.CREATED && container.state() != Observed.State.DEAD;
        return hasRun
                && (!container.networks().isEmpty() || container.hasNetworkOfAnother())
                && observed.networks().containsAll(container.networks())
                && container.networks().stream().noneMatch(observed.changedNetworks()::containsKey)
                && !observed.aside().containsKey(container.service());
    }

    ImageUse imageOf(Service service) {
        ImageUse image = observed.images().get(service.name());
        if (image == null) {
            throw new IllegalStateException("The image of '" + service.name() + "' was not observed.");
        }
        return image;
    }
}
