package dev.withstack.core.engine;

import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers of which services the data is being replaced, so that one that is killed meanwhile is told of by the next
 * start. Used under the stack's lock, but for {@link #recall}.
 */
final class RestoreMemory {
    private final StateFile file;

    RestoreMemory(Path stateDirectory, StackId id) {
        this.file = new StateFile(stateDirectory.resolve(id.prefix() + ".restore"));
    }

    /** Remember that what these services keep is going to be replaced. What was remembered of others stays. */
    void begin(Path backup, Instant now, Collection<String> services) {
        Map<String, String> lines = read();
        services.forEach(service -> lines.put(service, now + "\t" + backup.toAbsolutePath()));
        write(lines);
    }

    /** Forget the service, which holds what was saved of it, or nothing any more. */
    void end(String service) {
        Map<String, String> lines = read();
        if (lines.remove(service) != null) {
            write(lines);
        }
    }

    /** Forget all. */
    void forget() {
        write(Map.of());
    }

    List<UnfinishedRestore> recall() {
        Map<String, List<String>> services = new LinkedHashMap<>();
        read().forEach((service, restore) ->
                services.computeIfAbsent(restore, unused -> new ArrayList<>()).add(service));
        List<UnfinishedRestore> unfinished = new ArrayList<>();
        services.forEach((restore, names) -> {
            String[] cells = restore.split("\t", 2);
            unfinished.add(new UnfinishedRestore(Path.of(cells[1]), Instant.parse(cells[0]), names));
        });
        return unfinished;
    }

    /** Return the services, each with when its restore began and from where. */
    private Map<String, String> read() {
        Map<String, String> lines = new LinkedHashMap<>();
        try {
            for (String line : file.read()) {
                String[] cells = line.split("\t", 2);
                lines.put(cells[0], cells[1]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + file + ", which says what a restore was at.", e);
        }
        return lines;
    }

    private void write(Map<String, String> lines) {
        try {
            if (lines.isEmpty()) {
                file.remove();
            } else {
                file.write(lines.entrySet().stream()
                        .map(line -> line.getKey() + "\t" + line.getValue())
                        .toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file + ".", e);
        }
    }
}
