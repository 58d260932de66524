package dev.withstack.core.driver.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.driver.Lease;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Fingerprint;
import dev.withstack.core.plan.Observed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStoreTests {
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Lease OURS = Lease.ofThisProcess();

    @TempDir
    Path directory;

    private ProcessStore store;

    @BeforeEach
    void open() {
        store = new ProcessStore(directory, StackId.of("trial", Environment.DEV));
    }

    private static ProcessRecord record() {
        return new ProcessRecord(
                "process:api:1",
                "api",
                Observed.State.CREATED,
                Optional.empty(),
                0,
                0,
                Optional.of(NOON),
                Observed.Health.NONE,
                "",
                Duration.ofSeconds(10),
                "serve = it\nall",
                new Fingerprint(Map.of("env A", "x")),
                List.of("db", "cache"),
                Map.of(8000, 18000));
    }

    @Test
    void readWhenWrittenIsTheSame() {
        ProcessRecord running = record().running(OURS, NOON);
        store.write(running);

        assertThat(store.read("api")).contains(running);
        assertThat(store.all()).containsExactly(running);
    }

    @Test
    void readWhenNothingWasWrittenIsEmpty() {
        assertThat(store.read("api")).isEmpty();
        assertThat(store.all()).isEmpty();
        assertThat(store.keeper()).isEmpty();
    }

    @Test
    void takeLaunchesWhenOneIsWishedForGivesItOnce() {
        Launch launch = new Launch(
                "api",
                directory,
                List.of("serve", "a b", ""),
                Map.of("URL", "db://a:b@c?d=e\\f"),
                RestartPolicy.NEVER,
                Duration.ofSeconds(3),
                Optional.of(new HealthAsk(8000, Probe.http("/health").json("status", "ok"))));
        store.wishLaunch(launch);

        assertThat(store.takeLaunches()).containsExactly(launch);
        assertThat(store.takeLaunches()).isEmpty();
    }

    @Test
    void keeperWhenItsProcessIsGoneIsNone() {
        store.keep(OURS);
        assertThat(store.keeper()).contains(OURS);

        store.keep(new Lease(OURS.host(), OURS.boot(), OURS.namespace(), Long.MAX_VALUE, NOON, NOON));
        assertThat(store.keeper()).isEmpty();
    }

    @Test
    void removeWhenItIsTheLastLeavesNothing() {
        store.write(record());
        store.log("api").append(NOON, "text");
        store.wishStop("api");

        store.remove("api");

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void seenWhenItsProcessIsGoneAndNobodyKeepsItIsEnded() {
        Lease gone = new Lease(OURS.host(), OURS.boot(), OURS.namespace(), Long.MAX_VALUE, NOON, NOON);

        assertThat(record().running(gone, NOON).seen(false).state()).isEqualTo(Observed.State.EXITED);
        assertThat(record().running(gone, NOON).seen(true).state()).isEqualTo(Observed.State.RUNNING);
        assertThat(record().running(OURS, NOON).seen(false).state()).isEqualTo(Observed.State.RUNNING);
    }

    @Test
    void seenWhenItsNumberWasGivenToAnotherProcessIsEnded() {
        Lease another = new Lease(
                OURS.host(),
                OURS.boot(),
                OURS.namespace(),
                OURS.pid(),
                OURS.start().minusSeconds(3600),
                NOON);

        assertThat(record().running(another, NOON).seen(false).state()).isEqualTo(Observed.State.EXITED);
        assertThat(record().running(another, NOON).family().isGone()).isTrue();
    }
}
