package dev.withstack.launcher.command;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.launcher.console.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the environment of a service, as it is inside or as it would be on this host. */
@Command(
        name = "env",
        description =
                "Show the variables of services, with the addresses that this host or a container uses; unless named, of those"
                        + " that can be run on this host.")
final class EnvCommand extends ServicesCommand {
    @Option(names = "--for", paramLabel = "READER", description = "host or container; host unless given")
    Reader reader = Reader.HOST;

    @Option(names = "--format", paramLabel = "FORMAT", description = "dotenv, shell or json; dotenv unless given")
    Format format = Format.DOTENV;

    @Option(names = "--show-secrets", description = "show secrets instead of ***")
    boolean showSecrets;

    /** Who reads the addresses. */
    enum Reader {
        HOST,
        CONTAINER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How the variables are written. */
    enum Format {
        DOTENV,
        SHELL,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public ExitCode run(Session session) {
        List<String> services = session.in(environment).take(words);
        session.words().services(services);
        StackDefinition definition = session.runningDefinition();
        AddressBook addresses =
                switch (reader) {
                    case HOST -> session.driver().hostAddresses(definition);
                    case CONTAINER -> new NetworkAddresses(definition);
                };
        List<Service> chosen = chosen(definition, services);
        for (Service service : chosen) {
            Map<String, String> variables = new LinkedHashMap<>();
            service.environment().forEach((name, value) -> variables.put(name, text(value, addresses)));
            show(session, service.name(), variables, chosen.size() > 1);
        }
        return ExitCode.OK;
    }

    private static List<Service> chosen(StackDefinition definition, List<String> named) {
        if (!named.isEmpty()) {
            return named.stream()
                    .map(name -> definition.servicesWithBase().containsKey(name)
                                    && !definition.declared().containsKey(name)
                            ? definition.owner(name).service(name)
                            : definition.program(name))
                    .toList();
        }
        List<Service> onHost = definition.services().values().stream()
                .filter(service -> service.hostRun().isPresent())
                .toList();
        return onHost.isEmpty() ? List.copyOf(definition.services().values()) : onHost;
    }

    private String text(Value value, AddressBook addresses) {
        return showSecrets ? value.resolve(addresses) : value.masked(addresses);
    }

    private void show(Session session, String service, Map<String, String> variables, boolean isOneOfSeveral) {
        switch (session.output() == OutputMode.JSON ? Format.JSON : format) {
            case JSON -> print(session, JsonText.of(Map.of("service", service, "environment", variables)));
            case SHELL -> {
                title(session, service, isOneOfSeveral);
                variables.forEach((name, value) -> print(session, "export " + name + "=" + Shells.quote(value)));
            }
            case DOTENV -> {
                title(session, service, isOneOfSeveral);
                variables.forEach((name, value) -> print(session, name + "=" + dotEnv(value)));
            }
        }
    }

    private void title(Session session, String service, boolean isOneOfSeveral) {
        if (isOneOfSeveral) {
            print(session, "# " + service);
        }
    }

    /** In single quotes nothing is replaced; a value that has one itself is written in double quotes. */
    private static String dotEnv(String value) {
        if (Shells.quote(value).equals(value)) {
            return value;
        }
        return value.contains("'")
                ? "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\""
                : "'" + value + "'";
    }

    private void print(Session session, String line) {
        if (showSecrets) {
            session.console().unmasked(line);
        } else {
            session.console().line(line);
        }
    }
}
