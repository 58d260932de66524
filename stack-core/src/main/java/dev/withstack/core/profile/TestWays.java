package dev.withstack.core.profile;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.List;

/** What the environment {@code test} changes of every stack: every endpoint on any free port, nothing restarted, nothing kept. */
final class TestWays {

    private TestWays() {}

    static StackDefinition apply(StackDefinition definition) {
        return definition.map(TestWays::apply);
    }

    private static Service apply(Service service) {
        Service changed = service.restart(RestartPolicy.NEVER).withoutVolumes().files(withoutSharedWriting(service));
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
