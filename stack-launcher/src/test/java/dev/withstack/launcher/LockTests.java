package dev.withstack.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.profile.ImageLock;
import dev.withstack.launcher.Desk.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lock} writes down, and what later commands make of it. */
class LockTests {
    private static final String DIGEST = "sha256:" + "a".repeat(64);
    private static final String ANOTHER = "sha256:" + "b".repeat(64);

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void sit() {
        desk = new Desk(directory);
        desk.engine.digests.put("db:1", DIGEST);
    }

    @Test
    void lockWhenAnImageHasADigestWritesItBesideTheSettings() throws Exception {
        Outcome outcome = desk.run("lock");

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(Files.readString(directory.resolve(ImageLock.FILE))).contains("\ndb:1 = " + DIGEST + "\n");
        assertThat(outcome.out()).contains("db:1 = " + DIGEST + "  locked");
    }

    @Test
    void lockWhenAnImageIsOfflineWritesItsIdAndSaysThatItIsComparedOnly() {
        desk.engine.digests.clear();

        assertThat(desk.run("lock").out()).contains("cache:1 = id ", "compared only: no registry knows it");
    }

    @Test
    void lockWhenAnImageIsLockedAlreadyLeavesItUnlessItIsUpdated() throws Exception {
        desk.run("lock");
        desk.engine.digests.put("db:1", ANOTHER);

        assertThat(desk.run("lock").out()).contains("db:1 = " + DIGEST);
        assertThat(desk.run("lock", "--update").out()).contains("db:1 = " + ANOTHER);
    }

    @Test
    void startWhenAnImageIsLockedRunsExactlyThat() throws Exception {
        Files.writeString(directory.resolve(ImageLock.FILE), "db:1 = " + DIGEST + "\n");

        Outcome outcome = desk.run("start");

        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(desk.run("status", "--output", "json").out()).contains("db:1@" + DIGEST);
    }

    @Test
    void checkWhenAnotherImageIsHereSaysSo() {
        desk.run("lock");
        desk.engine.digests.put("db:1@" + DIGEST, DIGEST);
        assertThat(desk.run("lock", "--check").exitCode()).isZero();
        desk.engine.digests.put("db:1@" + DIGEST, ANOTHER);

        Outcome outcome = desk.run("lock", "--check");

        assertThat(outcome.exitCode()).isEqualTo(8);
        assertThat(outcome.out()).contains("db:1 = " + DIGEST + "  another is here: " + ANOTHER);
    }

    @Test
    void checkWhenNothingIsLockedSaysHowToBegin() {
        Outcome outcome = desk.run("lock", "--check");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("Nothing is locked here. Begin with: ./stack lock shop");
    }

    @Test
    void anyCommandWhenTheLockIsDamagedNamesTheLine() throws Exception {
        Files.writeString(directory.resolve(ImageLock.FILE), "db:1 = latest\n");

        Outcome outcome = desk.run("start");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains("images.lock:1", "'db:1 = latest' is not understood.");
    }
}
