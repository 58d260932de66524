package dev.withstack.launcher.readme;

import dev.withstack.core.export.Picture;
import dev.withstack.core.export.SvgPicture;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.profile.Variable;
import dev.withstack.core.profile.Variables;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The page of a stack under {@code docs/stacks}: prose of its own, and between marks what the definition itself says. The
 * picture stands beside it.
 */
record StackPage(StackProfile profile) {

    Path file() {
        return Path.of("..", "docs", "stacks", profile.name() + ".md");
    }

    Path pictureFile() {
        return Path.of("..", "docs", "stacks", profile.name() + ".svg");
    }

    String picture() {
        return new SvgPicture(new Picture(definition(Environment.DEV))).text();
    }

    /** Return the page with what stands between its marks written anew. */
    String renewed(String page) {
        return between("variables", variables(), between("services", services(), page));
    }

    private static String between(String mark, String content, String page) {
        String begin = "<!-- " + mark + ": written by StackPagesTests -->\n";
        String end = "<!-- /" + mark + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "The page has no place for the " + mark + ": put the lines\n" + begin + end);
        }
        return page.substring(0, from + begin.length()) + content + page.substring(to);
    }

    private String services() {
        String rows = definition(Environment.DEV).servicesWithBase().values().stream()
                .map(this::row)
                .collect(Collectors.joining());
        return "| service | image | address, set by | image, limits set by |\n|---|---|---|---|\n" + rows;
    }

    private String row(Service service) {
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        service.name(),
                        source(service),
                        service.endpoints().stream()
                                .map(endpoint -> address(service, endpoint))
                                .collect(Collectors.joining("<br>")),
                        service.source() instanceof Source.Process
                                ? ""
                                : "`" + service.variable("IMAGE") + "`, `_CPUS`, `_MEMORY`");
    }

    private static String source(Service service) {
        if (service.source() instanceof Source.Process process) {
            String words = process.command().stream()
                    .filter(word -> word.addresses().isEmpty())
                    .map(word -> word.masked((name, endpoint) -> new HostAndPort(name, 0)))
                    .collect(Collectors.joining(" "));
            return "process of this host: `" + words + "`";
        }
        return service.source() instanceof Source.Image image
                ? "`" + image.reference() + "`"
                : service.source() instanceof Source.Build build ? "built from `" + build.directory() + "/`" : "";
    }

    private static String address(Service service, Endpoint endpoint) {
        String variable = " `" + service.portVariable(endpoint) + "`";
        if (!(endpoint.publication() instanceof Endpoint.Fixed fixed)) {
            return endpoint.name() + " not published," + variable;
        }
        String page = service.pages().get(endpoint.name());
        String at = "127.0.0.1:" + fixed.hostPort();
        return (page == null ? endpoint.name() + " " + at : "http://" + at + page) + variable;
    }

    private String variables() {
        Map<String, Variable> inDev = byName(Environment.DEV);
        Map<String, Variable> inProd = byName(Environment.PROD);
        List<String> names = new ArrayList<>(inDev.keySet());
        inProd.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        StringBuilder text = new StringBuilder();
        String topic = "";
        for (String name : names) {
            Variable variable = Optional.ofNullable(inDev.get(name)).orElseGet(() -> inProd.get(name));
            if (variable.topic().equals(Variables.OF_SERVICES)) {
                continue;
            }
            if (!variable.topic().equals(topic)) {
                topic = variable.topic();
                text.append("\n| ")
                        .append(topic)
                        .append(" | what it does | in dev | in stage and prod |\n|---|---|---|---|\n");
            }
            text.append("| `%s` | %s | %s | %s |\n"
                    .formatted(name, variable.meaning(), usual(inDev.get(name)), demanded(inProd.get(name))));
        }
        return text.append('\n').toString();
    }

    private Map<String, Variable> byName(Environment environment) {
        Map<String, Variable> byName = new LinkedHashMap<>();
        Variables.of(profile, environment).forEach(variable -> byName.put(variable.name(), variable));
        return byName;
    }

    private static String usual(Variable variable) {
        return variable == null ? "–" : variable.usual().isEmpty() ? "" : "`" + variable.usual() + "`";
    }

    private static String demanded(Variable variable) {
        boolean isDemanded = variable != null
                && (variable.kind() == Asked.Kind.SECRET
                        || variable.kind() == Asked.Kind.PASSWORD
                        || variable.kind() == Asked.Kind.ISSUED);
        return isDemanded ? "**your own**" : usual(variable);
    }

    private StackDefinition definition(Environment environment) {
        return Profiles.sketch(profile, Settings.none(environment));
    }
}
