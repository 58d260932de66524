package dev.withstack.launcher.command;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Shows where this host reaches what runs. */
@Command(name = "urls", description = "Show the addresses and pages of what runs, as this host reaches them.")
final class UrlsCommand extends ServicesCommand {
    @Override
    public ExitCode run(Session session) {
        List<String> services = session.words().services(session.in(environment).take(words));
        StackDefinition definition = session.runningDefinition();
        Map<String, List<String>> addresses = new LinkedHashMap<>();
        for (Service service : definition.servicesWithBase().values()) {
            boolean isAsked = services.isEmpty() || services.contains(service.name());
            if (isAsked && isThere(session, service)) {
                addresses.put(
                        service.name(), Rows.addresses(service, session.driver().hostAddresses(definition)));
            }
        }
        if (addresses.isEmpty()) {
            throw session.notRunning();
        }
        show(session, addresses);
        return ExitCode.OK;
    }

    private static boolean isThere(Session session, Service service) {
        return service.source() instanceof Source.External
                || session.observedWithBase()
                        .container(service.name())
                        .map(Observed.Container::isRunning)
                        .orElse(false);
    }

    private static void show(Session session, Map<String, List<String>> addresses) {
        if (session.output() == OutputMode.JSON) {
            addresses.forEach((service, list) -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("event", "urls");
                fields.put("service", service);
                fields.put("addresses", list);
                session.console().line(JsonText.of(fields));
            });
            return;
        }
        Table table = new Table("SERVICE", "ADDRESS");
        addresses.forEach((service, list) -> {
            List<String> shown = list.isEmpty() ? List.of("– not published") : list;
            table.row(service, shown.get(0));
            shown.stream().skip(1).forEach(address -> table.row("", address));
        });
        table.lines(session.console().style()).forEach(session.console()::line);
    }
}
