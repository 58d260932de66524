package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StackLockTests {
    @TempDir
    Path directory;

    @Test
    void takeWhenItIsFreeTellsNobody() throws Exception {
        try (StackLock lock = take("me", held -> {
            throw new AssertionError("told of " + held);
        })) {
            assertThat(directory.resolve("shop-dev.holder")).hasContent("me");
        }
        assertThat(directory.resolve("shop-dev.holder")).doesNotExist();
    }

    @Test
    void takeWhenItIsHeldTellsByWhomAndWaits() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        CountDownLatch taken = new CountDownLatch(1);
        StackLock first = take("pid 17", held -> {});
        Thread second = new Thread(() -> {
            try (StackLock lock = take("pid 18", told::add)) {
                taken.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        second.start();

        Awaitility.await().until(() -> !told.isEmpty());
        assertThat(told).containsExactly("pid 17");
        assertThat(taken.getCount()).isEqualTo(1);
        first.close();
        assertThat(taken.await(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void takeWhenItIsInterruptedGivesUpAndLeavesTheLockToOthers() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        StackLock first = take("first", held -> {});
        Thread second = new Thread(() -> {
            try {
                take("second", held -> told.countDown()).close();
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        second.start();
        assertThat(told.await(15, TimeUnit.SECONDS)).isTrue();

        second.interrupt();
        second.join(15_000);
        first.close();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        take("third", held -> {}).close();
    }

    @Test
    void takeWhenTheThreadWasInterruptedBeforeSaysThatAndNothingElse() throws Exception {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> take("me", held -> {})).isInstanceOf(InterruptedException.class);

        Thread.interrupted();
        take("me", held -> {}).close();
    }

    @Test
    void takeWhenTheListenerThrowsLeavesTheLockToOthers() throws Exception {
        StackLock first = take("first", held -> {});
        Thread second = new Thread(() -> assertThatThrownBy(() -> take("second", held -> {
                    throw new IllegalStateException("the screen is gone");
                }))
                .hasMessage("the screen is gone"));
        second.start();
        second.join(15_000);
        first.close();

        take("third", held -> {}).close();
    }

    @Test
    void takeWhenTheDirectoryCantBeMadeSaysSoAndLeavesTheLockToOthers() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Path inside = file.resolve("state");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> StackLock.take(inside, "shop-dev", "me", held -> {}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("Can't lock the stack with a file in '" + inside + "'. Is the directory writable?");
        }
    }

    @Test
    void takeWhenTheHolderCantBeWrittenLeavesTheLockToOthers() throws Exception {
        Path holder = Files.createDirectory(directory.resolve("shop-dev.holder"));

        assertThatThrownBy(() -> take("me", held -> {})).isInstanceOf(UncheckedIOException.class);

        Files.delete(holder);
        take("me", held -> {}).close();
    }

    @Test
    void closeWhenItIsClosedTwiceFreesTheLockOnce() throws Exception {
        StackLock lock = take("first", held -> {});
        lock.close();
        lock.close();
        List<String> told = new CopyOnWriteArrayList<>();

        StackLock second = take("second", told::add);
        Thread third = new Thread(() -> {
            try {
                take("third", told::add).close();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        third.start();
        Awaitility.await().until(() -> !told.isEmpty());
        second.close();
        third.join(15_000);

        assertThat(told).containsExactly("second");
    }

    @Test
    void takeWhenAnotherProcessHoldsItTellsByWhomAndWaitsForItsEnd() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("held");
            List<String> told = new CopyOnWriteArrayList<>();

            try (StackLock lock = take("me", held -> {
                told.add(held);
                other.destroyForcibly();
            })) {
                assertThat(told).containsExactly("another process");
            }
        } finally {
            other.destroyForcibly();
        }
    }

    /** Holds the lock until it is killed. */
    public static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws Exception {
            StackLock lock = StackLock.take(Path.of(arguments[0]), "shop-dev", "another process", held -> {});
            System.out.println("held");
            System.in.read();
            lock.close();
        }
    }

    private StackLock take(String holder, java.util.function.Consumer<String> whenHeld) throws InterruptedException {
        return StackLock.take(directory, "shop-dev", holder, whenHeld);
    }
}
