package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;

/** Where a server is at the moment: after a restart it may be elsewhere. */
@FunctionalInterface
interface Whereabouts {
    HostAndPort now() throws IOException;
}
