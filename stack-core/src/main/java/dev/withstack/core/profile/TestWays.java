package dev.withstack.core.profile;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.util.List;

/** What the environment {@code test} changes of every stack: every endpoint on any free port, nothing restarted, nothing kept. */
final class TestWays {

    private TestWays() {}

    static StackDefinition apply(StackDefinition definition) {
        StackDefinition own = definition.map(TestWays::apply);
        return own.base().map(base -> own.on(ofItsOwn(apply(base)))).orElse(own);
    }

    /** A run shares its base with nobody, and the base goes with it. */
    private static StackDefinition ofItsOwn(StackDefinition base) {
        return base.called(
                new StackId(base.name() + "-base", Environment.TEST, base.id().run()));
    }

    private static Service apply(Service service) {
        Service changed = service.restart(RestartPolicy.NEVER)
                .withoutVolumes()
                .files(withoutSharedWriting(service))
                .setup(service.setup().anyDatagramPorts());
        for (Endpoint endpoint : service.endpoints()) {
            if (!(endpoint.publication() instanceof Endpoint.AnyFree)) {
                changed = changed.anyHostPort(endpoint.name());
            }
        }
        return changed;
    }

    /** What a service writes to a directory of the project would be left behind there. */
    private static List<FileMount> withoutSharedWriting(Service service) {
        return service.files().stream()
                .filter(file ->
                        !(file instanceof FileMount.Bound bound) || bound.access() == FileMount.Access.READ_ONLY)
                .toList();
    }
}
