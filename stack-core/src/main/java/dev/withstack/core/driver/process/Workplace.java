package dev.withstack.core.driver.process;

import dev.withstack.core.driver.DriverException;
import dev.withstack.core.driver.DriverException.Kind;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where a service that is a process of this host runs, and with which programs. */
final class Workplace {
    private final Path project;
    private final Map<String, String> environment;

    /** @param project what the directories of processes are relative to */
    Workplace(Path project, Map<String, String> environment) {
        this.project = project.toAbsolutePath();
        this.environment = environment;
    }

    static Source.Process processOf(Service service) {
        return (Source.Process) service.source();
    }

    /**
     * Return the directory it runs in.
     *
     * @throws DriverException if that, or what is to be run there, is not there
     */
    Path directoryOf(Service service) {
        Path directory = project.resolve(processOf(service).directory()).normalize();
        String entry = processOf(service).entry();
        if (!Files.exists(directory.resolve(entry))) {
            throw new DriverException(
                    Kind.IMAGE,
                    "'" + service.name() + "' runs in '" + directory + "', "
                            + (entry.isEmpty() ? "which is not there." : "where there is no " + entry + "."),
                    "name the project's directory with --project, or leave the service out with --infra");
        }
        return directory;
    }

    Programs programsOf(Service service) {
        Source.Process process = processOf(service);
        return new Programs(project.resolve(process.directory()).normalize(), process.tools(), environment);
    }

    /** Return the command, to be run where the service is. */
    HostCommand command(Service service, List<String> command) {
        Programs programs = programsOf(service);
        return new HostCommand(programs.resolve(command), directoryOf(service), programs.environment());
    }
}
