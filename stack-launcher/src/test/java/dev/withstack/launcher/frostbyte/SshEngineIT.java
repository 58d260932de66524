package dev.withstack.launcher.frostbyte;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.engine.SecondEngine;
import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.Run;
import dev.withstack.launcher.scenario.SshServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The launcher with an engine on another host, by a real {@code ssh}. */
class SshEngineIT {
    @RegisterExtension
    final Launcher launcher = Launcher.create();

    private SecondEngine docker;
    private SshServer server;

    @BeforeEach
    void start() throws Exception {
        SshServer.assumeInstalled();
        docker = SecondEngine.open();
        docker.take("offline/redis:7");
        server = SshServer.on(docker.host());
        launcher.environment("PATH", server.clientDirectory() + ":" + System.getenv("PATH"));
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
        if (docker != null) {
            docker.close();
        }
    }

    private Run well(String... arguments) throws Exception {
        Run run = launcher.run(arguments);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        return run;
    }

    @Test
    @Row("remote.ssh")
    void devWhenTheEngineIsReachedBySshRunsTheStackThere() throws Exception {
        launcher.environment("DOCKER_HOST", "ssh://root@" + docker.host().address() + docker.socket());

        Run dev = well("dev", "frostbyte", "redis");

        assertThat(dev.out()).contains(docker.host().address() + ":6379");
        assertThat(dev.out() + dev.err()).contains("The engine is on another host");
        assertThat(well("status", "frostbyte").out()).containsPattern("redis +running");
        assertThat(well("exec", "frostbyte", "redis", "--", "redis-cli", "PING").out())
                .contains("PONG");
        assertThat(well("logs", "frostbyte", "redis").out()).contains("Ready to accept connections");
        well("down", "frostbyte", "--volumes", "--yes");
        server.awaitNoClient();
    }

    @Test
    @Row("remote.ssh")
    void devWhenSshDoesNotGetThroughSaysHowToTryIt() throws Exception {
        launcher.environment("DOCKER_HOST", "ssh://root@" + docker.host().address() + ":1" + docker.socket());

        Run dev = launcher.run("dev", "frostbyte", "redis");

        assertThat(dev.exitCode()).as(dev.toString()).isEqualTo(3);
        assertThat(dev.err()).contains("connection refused", "ssh -p 1 root@");
        server.awaitNoClient();
    }
}
