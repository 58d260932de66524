package dev.withstack.core.engine;

import static dev.withstack.core.engine.Trial.idle;
import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Service;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a container is kept from, seen by the engine and tried from inside. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class HardeningIT {

    @RegisterExtension
    final Trial trial = new Trial();

    @Test
    void upWhenAServiceIsHardenedItCanDoNoMoreThanItMay() throws InterruptedException {
        Service api = idle("api")
                .hardening(Hardening.NONE
                        .user("1000:1000")
                        .readOnlyRoot()
                        .tmpfs("/tmp")
                        .dropAllCapabilities()
                        .addCapability("CHOWN")
                        .noNewPrivileges());

        RunningStack stack = trial.up(trial.stack(api));

        assertThat(run(stack, "id -u; id -g")).isEqualTo("1000\n1000\n");
        assertThat(run(stack, "touch /tmp/mine && echo written")).isEqualTo("written\n");
        assertThat(run(stack, "touch /srv/mine 2>&1")).contains("Read-only file system");
        assertThat(run(stack, "grep NoNewPrivs /proc/1/status")).isEqualTo("NoNewPrivs:\t1\n");
        assertThat(run(stack, "grep CapBnd /proc/1/status")).isEqualTo("CapBnd:\t0000000000000001\n");
        assertThat(inspect("{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}"
                        + " {{.HostConfig.CapAdd}} {{.HostConfig.SecurityOpt}}"))
                .isEqualTo("1000:1000 true [ALL] [CHOWN] [no-new-privileges]");

        trial.up(trial.stack(api));
        assertThat(trial.changes()).isEmpty();
    }

    @Test
    void upWhenLimitsAreSetTheEngineHoldsThem() throws InterruptedException {
        Service api = idle("api")
                .limits(Limits.NONE
                        .cpus(0.5)
                        .memory("128m")
                        .reservedCpus(0.25)
                        .reservedMemory("32m")
                        .pids(20))
                .logRotation("100m", 3);

        RunningStack stack = trial.up(trial.stack(api));

        assertThat(inspect("{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}"
                        + " {{.HostConfig.CpuShares}} {{.HostConfig.MemoryReservation}} {{.HostConfig.PidsLimit}}"))
                .isEqualTo("500000000 134217728 134217728 256 33554432 20");
        assertThat(inspect("{{.HostConfig.LogConfig.Type}} {{index .HostConfig.LogConfig.Config \"max-size\"}}"
                        + " {{index .HostConfig.LogConfig.Config \"max-file\"}}"))
                .isEqualTo("json-file 100m 3");
        assertThat(run(stack, "for i in $(seq 60); do sleep 5 & done 2>&1")).contains("fork");
    }

    private String inspect(String format) {
        return String.join("\n", trial.docker("inspect", "--format", format, trial.container("api")));
    }

    private static String run(RunningStack stack, String line) throws InterruptedException {
        return stack.service("api")
                .exec(Duration.ofSeconds(60), "bash", "-c", line)
                .stdout();
    }
}
