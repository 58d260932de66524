package dev.withstack.launcher.integrador;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two stacks that want the same port: Frostbyte's API and Integrador's. */
class BesideFrostbyteIT {
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @RegisterExtension
    final Launcher frostbyte = Launcher.create();

    @RegisterExtension
    final Launcher integrador = Launcher.of("integrador");

    @Test
    @Row("integrador.beside-frostbyte")
    @Row("settled.side-by-side")
    void startWhenFrostbyteHasThePortNamesItAndAutoPortsRunsBoth() throws Exception {
        Backend backend = Backend.copy(integrador);
        int wanted = backend.api();
        int first = Backend.freePorts();
        int second = Backend.freePorts();
        Run frost = frostbyte
                .in(Launcher.samples().resolve("frostbyte"))
                .environment("PIPELINE_API_PORT", Integer.toString(wanted))
                .environment("REDIS_PORT", Integer.toString(first))
                .environment("POSTGRES_PORT", Integer.toString(first + 1))
                .environment("MINIO_PORT", Integer.toString(first + 2))
                .environment("MINIO_CONSOLE_PORT", Integer.toString(first + 3))
                .environment("QDRANT_PORT", Integer.toString(second))
                .environment("QDRANT_GRPC_PORT", Integer.toString(second + 1))
                .run("start", "frostbyte", "pipeline-api", "--auto-ports");
        assertThat(frost.exitCode()).as(frost.toString()).isZero();

        Run refused = integrador.run("start", "integrador");
        assertThat(refused.exitCode()).as(refused.toString()).isNotZero();
        assertThat(refused.err())
                .contains(
                        "rest-api",
                        "port " + wanted + " is taken by container '" + frostbyte.prefix("dev")
                                + "-pipeline-api' of 'frostbyte'");
        assertThat(backend.processes()).isEmpty();

        try (LiveRun live =
                integrador.begin("start", "integrador", "--auto-ports").awaitOutput("Staying with", LONGEST)) {
            assertThat(backend.get(wanted, "/health").body()).contains("healthy");
            String urls = integrador.run("urls", "integrador", "rest-api").out();
            int chosen = Integer.parseInt(urls.replaceFirst("(?s).*http://127.0.0.1:([0-9]+)/.*", "$1"));
            assertThat(chosen).isNotEqualTo(wanted);
            assertThat(backend.get(chosen, "/api/health").body()).contains("rest-api");
            live.interrupt().await(LONGEST);
        }
        backend.awaitNobody();
    }
}
