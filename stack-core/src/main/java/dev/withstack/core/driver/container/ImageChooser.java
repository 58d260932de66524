package dev.withstack.core.driver.container;

import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.plan.ImageUse.Standing;
import dev.withstack.core.plan.Observed;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides which image is taken for the one asked for.
 *
 * <p>An image that is there is not looked up again, and a service stays with the offline image that its container or
 * its data came from: a network that comes and goes never swaps one server for another.
 */
final class ImageChooser {
    private final DockerEngine engine;
    private final Registry registry;
    private final ImagePolicy policy;

    ImageChooser(DockerEngine engine, Registry registry, ImagePolicy policy) {
        this.engine = engine;
        this.registry = registry;
        this.policy = policy;
    }

    /**
     * Choose among the images that are there.
     *
     * @param family the server family that writes the service's volumes
     * @param before what the service runs from or has written its data with; empty for a new one
     */
    ImageUse choose(String asked, Optional<String> family, Optional<Before> before, ImageStore store) {
        // who asks for a digest wants exactly that, unless he has chosen to run offline
        boolean isWanted = policy == ImagePolicy.OFFLINE || (policy == ImagePolicy.AUTO && asked.indexOf('@') < 0);
        Optional<ImageUse> counterpart = isWanted ? store.counterpart(asked, family) : Optional.empty();
        if (counterpart.isPresent() && policy == ImagePolicy.OFFLINE) {
            return counterpart.get();
        }
        Optional<ImageUse> present = store.present(asked, family);
        if (present.isPresent()) {
            return present.get();
        }
        Optional<ImageUse> kept = before.flatMap(earlier -> earlier.kept(asked, engine));
        if (kept.isPresent()) {
            return kept.get();
        }
        if (counterpart.isPresent()
                && (registry.unreachableReason(asked).isPresent()
                        || before.map(earlier -> earlier.isFrom(counterpart.get()))
                                .orElse(false))) {
            return counterpart.get();
        }
        return new ImageUse(asked, asked, "", Standing.UPSTREAM, "", "");
    }

    /** Choose as if no registry answered. */
    ImageUse evenWithoutRegistry(String asked, ImageStore store) {
        ImageUse chosen = choose(asked, Optional.empty(), Optional.empty(), store);
        return chosen.isPresent() || policy == ImagePolicy.UPSTREAM
                ? chosen
                : store.counterpart(asked, Optional.empty()).orElse(chosen);
    }

    /**
     * What a service was before.
     *
     * @param container its container, if it has one
     * @param lineages what its volumes were written by
     */
    record Before(Optional<Observed.Container> container, List<String> lineages) {
        /** The image that the container was made from has lost its name, but is there for as long as the container is. */
        Optional<ImageUse> kept(String asked, DockerEngine engine) {
            return container
                    .filter(one -> one.image().asked().equals(asked)
                            && one.image().standing() == Standing.UPSTREAM
                            && engine.images().find(one.imageId()).isPresent())
                    .map(one -> new ImageUse(
                            asked,
                            one.imageId(),
                            one.imageId(),
                            Standing.UPSTREAM,
                            "",
                            one.image().lineage()));
        }

        boolean isFrom(ImageUse counterpart) {
            return container
                            .map(one -> one.image().used().equals(counterpart.used())
                                    && one.image().asked().equals(counterpart.asked()))
                            .orElse(false)
                    || (!counterpart.lineage().isEmpty() && lineages.contains(counterpart.lineage()));
        }
    }

    /**
     * Make sure that the engine has the image or its offline counterpart.
     *
     * @throws DriverException if neither is to be had
     */
    void bring(String asked, Consumer<String> progress) throws InterruptedException {
        ImageStore store = new ImageStore(engine);
        if (choose(asked, Optional.empty(), Optional.empty(), store).isPresent()) {
            return;
        }
        registry.pull(asked, progress);
        Optional<String> unreachable = registry.unreachableReason(asked);
        if (unreachable.isPresent()) {
            doWithout(asked, unreachable.get(), store, progress);
        }
    }

    /**
     * Pull the image though it may be there; where no registry answers, what is there stays.
     *
     * @throws DriverException if neither it nor an offline counterpart is to be had
     */
    void renew(String asked, Consumer<String> progress) throws InterruptedException {
        ImageStore store = new ImageStore(engine);
        if (policy == ImagePolicy.OFFLINE
                && store.counterpart(asked, Optional.empty()).isPresent()) {
            progress.accept("the offline image stays, as WITHSTACK_IMAGES asks");
            return;
        }
        registry.pull(asked, progress);
        Optional<String> unreachable = registry.unreachableReason(asked);
        if (unreachable.isPresent() && store.present(asked, Optional.empty()).isPresent()) {
            progress.accept("what is here stays, as no registry answers (" + unreachable.get() + ")");
        } else if (unreachable.isPresent()) {
            doWithout(asked, unreachable.get(), store, progress);
        }
    }

    private void doWithout(String asked, String unreachable, ImageStore store, Consumer<String> progress) {
        Optional<ImageUse> counterpart =
                policy == ImagePolicy.UPSTREAM ? Optional.empty() : store.counterpart(asked, Optional.empty());
        if (counterpart.isEmpty()) {
            throw new DriverException(
                    DriverException.Kind.IMAGE,
                    "Image '" + asked + "' is not here, no registry can be reached (" + unreachable
                            + "), and no offline image stands for it.",
                    "connect to a registry, load the image with docker load, or build the offline images (see"
                            + " docs/air-gapped.md)");
        }
        progress.accept("no registry answers: " + counterpart.get().used() + " is taken ("
                + counterpart.get().standingText() + ": " + counterpart.get().note() + ")");
    }
}
