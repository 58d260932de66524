package dev.withstack.core.data;

import dev.withstack.core.driver.DriverException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Data that has been proven and stands beside what is in use, to take its place or to be removed. Used by one thread. */
public final class Restoration {
    private final Map<String, Holding.Replacement> byService = new LinkedHashMap<>();

    Restoration() {}

    /** Return the name of the volume in which what will take the place of another stands until then. */
    public static String volumeBeside(String volume) {
        return volume + ".restoring";
    }

    void add(String service, Holding.Replacement replacement) {
        byService.put(service, replacement);
    }

    /**
     * Let all of it take the place of what is there.
     *
     * @param placed is told each service when that is done
     * @throws DriverException naming the service where it failed; those before it are restored, and the others can still
     *     be {@linkplain #discardAfter discarded}
     */
    public void putInPlace(Consumer<String> placed) throws InterruptedException {
        for (Map.Entry<String, Holding.Replacement> entry : List.copyOf(byService.entrySet())) {
            String service = entry.getKey();
            try {
                entry.getValue().putInPlace();
            } catch (IOException e) {
                throw new DriverException(
                        DriverException.Kind.REFUSED,
                        "What was saved of " + service + " has arrived, but can't take the place of what is there: "
                                + e.getMessage(),
                        "restore it again when the cause is mended; the backup is whole",
                        e);
            }
            byService.remove(service);
            placed.accept(service);
        }
    }

    /** Return the names of the services. */
    public List<String> services() {
        return List.copyOf(byService.keySet());
    }

    /** Return the names of the services that must have no container while what is there is replaced. */
    public List<String> withoutContainer() {
        return byService.entrySet().stream()
                .filter(entry -> entry.getValue().needsContainerGone())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Remove what stands beside what is in use; what fails of that is added to the failure. A thread that was interrupted
     * does it all the same.
     *
     * @return the failure
     */
    public <F extends Exception> F discardAfter(F failure) {
        boolean wasInterrupted = Thread.interrupted();
        byService.values().forEach(replacement -> {
            try {
                replacement.discard();
            } catch (IOException | RuntimeException e) {
                failure.addSuppressed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure.addSuppressed(e);
            }
        });
        byService.clear();
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        return failure;
    }
}
