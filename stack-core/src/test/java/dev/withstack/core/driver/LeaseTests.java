package dev.withstack.core.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeaseTests {
    private static final Lease OURS = Lease.ofThisProcess();
    private static final long NO_SUCH_PROCESS = Long.MAX_VALUE;

    @Test
    void fromLabelWhenWrittenByToLabelIsTheSame() {
        assertThat(Lease.fromLabel(OURS.toLabel())).contains(OURS);
    }

    @Test
    void fromLabelWhenItIsNoLeaseIsEmpty() {
        assertThat(Lease.fromLabel("")).isEmpty();
        assertThat(Lease.fromLabel("pid=abc;start=2026-01-01T00:00:00Z")).isEmpty();
        assertThat(Lease.fromLabel("pid=1;start=yesterday;taken=today")).isEmpty();
    }

    @Test
    void isOverWhenItsProcessLivesIsFalse() {
        assertThat(OURS.isOver(OURS)).isFalse();
    }

    @Test
    void isOverWhenItsProcessIsGoneIsTrue() {
        assertThat(lease(OURS.boot(), OURS.namespace(), NO_SUCH_PROCESS, OURS.start(), OURS.taken())
                        .isOver(OURS))
                .isTrue();
    }

    @Test
    void isOverWhenItsProcessIdWasGivenToAnotherIsTrue() {
        Instant longBefore = OURS.start().minus(Duration.ofMinutes(1));

        assertThat(lease(OURS.boot(), OURS.namespace(), OURS.pid(), longBefore, longBefore)
                        .isOver(OURS))
                .isTrue();
    }

    @Test
    void isOverWhenTheHostWasBootedSinceIsTrue() {
        assertThat(lease("another", OURS.namespace(), OURS.pid(), OURS.start(), OURS.taken())
                        .isOver(OURS))
                .isTrue();
    }

    @Test
    void isOverWhenItsProcessCannotBeSeenFromHereIsFalseUntilItIsOld() {
        Lease recent = lease(OURS.boot(), "pid:[1]", NO_SUCH_PROCESS, OURS.start(), OURS.taken());
        Instant yesterday = OURS.taken().minus(Lease.LONGEST).minusSeconds(1);
        Lease old = lease(OURS.boot(), "pid:[1]", NO_SUCH_PROCESS, OURS.start(), yesterday);

        assertThat(recent.isOver(OURS)).isFalse();
        assertThat(old.isOver(OURS)).isTrue();
    }

    @Test
    void isOverWhenItIsAnotherHostsIsFalse() {
        Lease theirs = new Lease("another", "another", "", NO_SUCH_PROCESS, OURS.start(), OURS.taken());

        assertThat(theirs.isOver(OURS)).isFalse();
    }

    private static Lease lease(String boot, String namespace, long pid, Instant start, Instant taken) {
        return new Lease(OURS.host(), boot, namespace, pid, start, taken);
    }
}
