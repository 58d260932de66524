package dev.withstack.core.driver.process;

import dev.withstack.core.driver.Lease;
import dev.withstack.core.model.StackId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What launchers know in common of a stack's processes: one directory, small files. The launcher that keeps a process
 * writes its record; the others leave a wish, to stop it or to start it again.
 */
final class ProcessStore {
    private static final long LONGEST_LOG = 10L * 1024 * 1024;
    private static final String STATE = ".state";
    private static final String STOP = ".stop";
    private static final String LAUNCH = ".launch";
    private static final String LOG = ".log";

    private final Path directory;

    ProcessStore(Path stateDirectory, StackId id) {
        this.directory = stateDirectory.resolve(id.prefix() + ".processes");
    }

    List<ProcessRecord> all() {
        return named(STATE).flatMap(service -> read(service).stream()).toList();
    }

    Optional<ProcessRecord> read(String service) {
        return Fields.read(file(service, STATE)).map(ProcessRecord::of);
    }

    void write(ProcessRecord record) {
        record.toFields().write(file(record.service(), STATE));
    }

    LogFile log(String service) {
        return new LogFile(service, file(service, LOG), LONGEST_LOG);
    }

    /** Say that the process is meant to end, so that whoever keeps it does not take its end for a failure. */
    void wishStop(String service) {
        Fields.none().put("by", ProcessHandle.current().pid()).write(file(service, STOP));
    }

    boolean isStopWished(String service) {
        return Files.exists(file(service, STOP));
    }

    void forgetStop(String service) {
        delete(file(service, STOP));
    }

    /** Ask the launcher that keeps the stack's processes to start this one. */
    void wishLaunch(Launch launch) {
        launch.toFields().write(file(launch.service(), LAUNCH));
    }

    /** Take out what is to be started. */
    List<Launch> takeLaunches() {
        return named(LAUNCH)
                .flatMap(service -> {
                    Path file = file(service, LAUNCH);
                    Optional<Launch> launch = Fields.read(file).map(Launch::of);
                    delete(file);
                    return launch.stream();
                })
                .toList();
    }

    void forgetLaunch(String service) {
        delete(file(service, LAUNCH));
    }

    /** Return the launcher that keeps the stack's processes, if it lives. */
    Optional<Lease> keeper() {
        return Fields.read(keeperFile())
                .flatMap(fields -> Lease.fromLabel(fields.text("lease")))
                .filter(lease -> lease.process().isPresent());
    }

    void keep(Lease lease) {
        Fields.none().put("lease", lease.toLabel()).write(keeperFile());
    }

    void keepNoMore() {
        delete(keeperFile());
        removeDirectoryIfEmpty();
    }

    /** Remove all that is known of the service, and the directory with the last one. */
    void remove(String service) {
        try {
            log(service).remove();
            for (String kind : List.of(STATE, STOP, LAUNCH)) {
                Files.deleteIfExists(file(service, kind));
            }
            if (keeper().isEmpty()) {
                delete(keeperFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + file(service, STATE) + "'.", e);
        }
        removeDirectoryIfEmpty();
    }

    private void removeDirectoryIfEmpty() {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // there is more to be known of the stack
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + directory + "'.", e);
        }
    }

    private Path keeperFile() {
        return directory.resolve("keeper");
    }

    private Path file(String service, String kind) {
        return directory.resolve(service + kind);
    }

    private Stream<String> named(String kind) {
        try (Stream<Path> files = Files.list(directory)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(kind))
                    .map(name -> name.substring(0, name.length() - kind.length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (NoSuchFileException e) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read '" + directory + "'.", e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't remove '" + file + "'.", e);
        }
    }
}
