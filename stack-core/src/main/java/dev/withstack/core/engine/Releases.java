package dev.withstack.core.engine;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Plan;
import dev.withstack.core.plan.Replacement.Ending;
import dev.withstack.core.plan.WayBack;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Lets new versions take the place of what runs, remembers what they run from, and goes back. Used under the stack's lock. */
final class Releases {
    private final Runs runs;
    private final Starts starts;
    private final Path stateDirectory;
    private final Consumer<StackEvent> listener;

    Releases(Runs runs, Starts starts, Path stateDirectory, Consumer<StackEvent> listener) {
        this.runs = runs;
        this.starts = starts;
        this.stateDirectory = stateDirectory;
        this.listener = listener;
    }

    Plan planUpdate(StackDefinition definition, Collection<String> services, UpOptions options) {
        StackDefinition wanted = starts.recalled(definition);
        return rollout(wanted, meant(wanted, services, Ending.REMOVED), options, moved -> {})
                .plan(Ending.REMOVED, List.of());
    }

    Plan planDeployment(StackDefinition definition, Deployment deployment, UpOptions options) {
        StackDefinition wanted = DeployedImages.with(starts.recalled(definition), deployment.images());
        return rollout(wanted, meant(wanted, deployment.services(), Ending.KEPT), options, moved -> {})
                .plan(Ending.KEPT, deployment.before());
    }

    Up.Done update(StackDefinition definition, Collection<String> services, UpOptions options)
            throws InterruptedException {
        StackDefinition wanted = starts.recalled(definition);
        List<String> names = meant(wanted, services, Ending.REMOVED);
        Rollout rollout = rollout(wanted, names, options, moved -> {});
        List<String> replaced = rollout.replace(Ending.REMOVED, List.of());
        List<String> running = running(wanted.id(), names);
        if (running.isEmpty()) {
            return new Up.Done(wanted, rollout.timeline());
        }
        // the rest is not replaced beside what runs: processes of this host, and what the user makes
        Up.Done rest = starts.up(
                definition, new Selection.WithNeeds(running), options.builds(UpOptions.Builds.WHAT_CHANGED), listener);
        return replaced.isEmpty() ? rest : new Up.Done(rest.definition(), rollout.timeline());
    }

    Up.Done deploy(StackDefinition definition, Deployment deployment, UpOptions options) throws InterruptedException {
        StackDefinition wanted = DeployedImages.with(starts.recalled(definition), deployment.images());
        DeployedImages memory = new DeployedImages(stateDirectory, definition.id());
        Rollout rollout = rollout(
                wanted,
                meant(wanted, deployment.services(), Ending.KEPT),
                options,
                moved -> memory.remember(definition, imagesOf(wanted, moved, deployment.images())));
        if (rollout.replace(Ending.KEPT, deployment.before()).isEmpty()) {
            String notRun = deployment.before().isEmpty()
                    ? ""
                    : ", and '" + deployment.before().get(deployment.before().size() - 1) + "' was not run";
            listener.accept(new StackEvent.Notice(
                    runs.clock().instant(),
                    definition.id() + " runs this version already; nothing was deployed" + notRun + "."));
        }
        return new Up.Done(rollout.definition(), rollout.timeline());
    }

    Up.Done rollback(StackDefinition definition, Collection<String> services, UpOptions options)
            throws InterruptedException {
        StackDefinition running = starts.recalled(definition);
        Rollout rollout = rollout(running, meant(running, services, Ending.REMOVED), options, moved -> {});
        new DeployedImages(stateDirectory, definition.id()).remember(definition, rollout.goBack());
        return new Up.Done(starts.recalled(definition), rollout.timeline());
    }

    void accept(StackId id) throws InterruptedException {
        runs.takeAway(id, WayBack::givenUp, listener);
    }

    private Rollout rollout(
            StackDefinition definition, List<String> services, UpOptions options, Consumer<List<String>> whenMoved) {
        return new Rollout(runs, stateDirectory, definition, services, options, listener, whenMoved);
    }

    /** None named means all; where the old ones are kept, all that keep no data, of which there can't be two versions. */
    private static List<String> meant(StackDefinition definition, Collection<String> services, Ending ending) {
        if (!services.isEmpty()) {
            return services.stream()
                    .flatMap(name -> definition.meant(name).stream())
                    .distinct()
                    .toList();
        }
        return definition.services().values().stream()
                .filter(service -> ending == Ending.REMOVED || service.volumes().isEmpty())
                .map(Service::name)
                .toList();
    }

    private List<String> running(StackId id, List<String> services) {
        Observed observed = runs.driver().observe(id);
        return services.stream()
                .filter(name -> observed.container(name)
                        .map(Observed.Container::isRunning)
                        .orElse(false))
                .toList();
    }

    private static Map<String, String> imagesOf(
            StackDefinition definition, List<String> moved, Map<String, String> images) {
        Map<String, String> of = new LinkedHashMap<>(images);
        of.keySet()
                .retainAll(moved.stream()
                        .map(name -> definition.service(name).declaredName())
                        .toList());
        return of;
    }
}
