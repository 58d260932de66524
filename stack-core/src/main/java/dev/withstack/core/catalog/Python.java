package dev.withstack.core.catalog;

import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Preparation;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Tools;
import dev.withstack.core.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A module of Python that runs as a process of this host, in the project's virtual environment where it has one. Immutable.
 */
public final class Python implements Declared<Python> {
    private static final List<String> ENVIRONMENTS = List.of("venv", ".venv");
    private static final List<String> INTERPRETERS = List.of("python3", "python", "py");

    /** Says which of the packages that a file of requirements names are missing, and fails if any is. */
    private static final String MISSING =
            """
            import re, sys
            from importlib.metadata import PackageNotFoundError, version
            try:
                from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
            except ImportError:
                Requirement = InvalidRequirement = None

            def holds(line):
                try:
                    if Requirement is None:
                        return bool(version(re.split(r'[^A-Za-z0-9._-]', line)[0]))
                    wanted = Requirement(line)
                    if wanted.marker is not None and not wanted.marker.evaluate():
                        return True
                    return wanted.specifier.contains(version(wanted.name), prereleases=True)
                except PackageNotFoundError:
                    return False
                except Exception as failure:
                    if InvalidRequirement is not None and isinstance(failure, InvalidRequirement):
                        return True
                    raise

            def missing(file):
                try:
                    lines = [line.split(' #')[0].strip() for line in open(file, encoding='utf-8')]
                except FileNotFoundError:
                    return []
                return [line for line in lines if line and line[0] not in '#-' and not holds(line)]

            """;

    private static final String UNLESS_ENVIRONMENT =
            """
            lack = [] if sys.prefix != sys.base_prefix else missing(sys.argv[1])
            sys.exit('there is none, and the system lacks ' + ', '.join(lack) if lack else 0)
            """;

    private static final String UNLESS_COMPLETE =
            """
            lack = missing(sys.argv[1])
            sys.exit('missing: ' + ', '.join(lack) if lack else 0)
            """;

    private final Service service;

    private Python(Service service) {
        this.service = service;
    }

    /**
     * Declare a module, run as {@code python -m} does.
     *
     * @param directory where it runs, relative to the project directory; empty is that itself
     */
    public static Python module(String name, String directory, String module, String... arguments) {
        List<String> command = new ArrayList<>(List.of("python", "-m", module));
        command.addAll(List.of(arguments));
        Service service = Service.process(name, directory, command.toArray(String[]::new))
                .process(process -> process.tools(new Tools(ENVIRONMENTS, Map.of("python", INTERPRETERS))))
                // what is printed is to be seen at once
                .env("PYTHONUNBUFFERED", "1");
        return new Python(service);
    }

    /** Use this interpreter where the project has no virtual environment. */
    public Python interpreter(String program) {
        return process(process -> process.tools(new Tools(ENVIRONMENTS, Map.of("python", List.of(program)))));
    }

    /** Hand the module one more argument. */
    public Python argument(Value argument) {
        return process(process -> process.argument(argument));
    }

    /** Hand the module further arguments. */
    public Python arguments(String... arguments) {
        Python longer = this;
        for (String argument : arguments) {
            longer = longer.argument(Value.text(argument));
        }
        return longer;
    }

    /**
     * Need the packages that this file names. Where the project has no virtual environment and the system lacks a package,
     * one is made in {@code .venv}, as systems refuse installs; what is missing in it is installed.
     *
     * @param options of the command that makes a virtual environment
     */
    public Python requirements(String file, String... options) {
        List<String> making = new ArrayList<>(List.of("python", "-m", "venv"));
        making.addAll(List.of(options));
        making.add(".venv");
        return process(process -> process.preparation(new Preparation(
                        "the virtual environment .venv",
                        List.of("python", "-c", MISSING + UNLESS_ENVIRONMENT, file),
                        making))
                .preparation(new Preparation(
                        "the packages of " + file,
                        List.of("python", "-c", MISSING + UNLESS_COMPLETE, file),
                        List.of("python", "-m", "pip", "install", "--disable-pip-version-check", "-r", file))));
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Python with(Service changed) {
        return new Python(changed);
    }
}
