package dev.withstack.core.compose;

import static dev.withstack.core.compose.JavaText.quoted;

import dev.withstack.core.model.Setup;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes what few services are set up with as Java.
 *
 * @param marked the same, with marks in its texts in place of what variables hold
 */
record SetupSource(Setup setup, Setup marked) {

    /** Return the expression; empty for what nobody needs. */
    String text() {
        if (setup.equals(Setup.NONE)) {
            return "";
        }
        StringBuilder text = new StringBuilder("Setup.NONE");
        setup.entryPoint()
                .map(words -> JavaText.agreeing(words, marked.entryPoint().orElse(words)))
                .ifPresent(words -> call(text, "entryPoint", "List.of(" + strings(words) + ")"));
        call(text, "directory", setup.directory());
        call(text, "hostName", setup.hostName());
        setup.features()
                .forEach(feature ->
                        text.append(".feature(Setup.Feature.").append(feature).append(')'));
        pairs(text, "host", marked.hosts());
        pairs(text, "label", marked.labels());
        pairs(text, "sysctl", setup.sysctls());
        setup.ulimits().forEach((name, most) -> text.append(".ulimit(")
                .append(quoted(name))
                .append(", new Setup.Ulimit(")
                .append(most.soft())
                .append("L, ")
                .append(most.hard())
                .append("L))"));
        setup.sharedMemoryBytes()
                .ifPresent(
                        bytes -> text.append(".sharedMemory(\"").append(bytes).append("\")"));
        setup.groups()
                .forEach(group -> text.append(".group(").append(quoted(group)).append(')'));
        setup.securityOptions()
                .forEach(option ->
                        text.append(".securityOption(").append(quoted(option)).append(')'));
        setup.datagrams().forEach(port -> text.append(".datagrams(new Setup.Datagrams(")
                .append(quoted(port.bindAddress()))
                .append(", ")
                .append(port.hostPort())
                .append(", ")
                .append(port.port())
                .append("))"));
        setup.joined().forEach((namespace, with) -> text.append(".joins(Setup.Namespace.")
                .append(namespace)
                .append(", ")
                .append(quoted(with))
                .append(')'));
        setup.addresses()
                .forEach((network, address) ->
                        text.append(".address(" + quoted(network) + ", " + quoted(address) + ")"));
        if (!setup.lookup().equals(Setup.Lookup.USUAL)) {
            text.append(".lookup(new Setup.Lookup(List.of(")
                    .append(strings(setup.lookup().servers()))
                    .append("), List.of(")
                    .append(strings(setup.lookup().endings()))
                    .append("), List.of(")
                    .append(strings(setup.lookup().options()))
                    .append(")))");
        }
        setup.devices()
                .forEach(device -> text.append(".device(new Setup.Device(" + quoted(device.source()) + ", "
                        + quoted(device.path()) + ", " + quoted(device.permissions()) + "))"));
        setup.requests().forEach(request -> text.append(".request(" + request(request) + ")"));
        setup.volumesFrom().forEach(other -> text.append(".volumesFrom(" + quoted(other) + ")"));
        call(text, "runtime", setup.runtime());
        return text.toString();
    }

    private static String request(Setup.DeviceRequest request) {
        return "new Setup.DeviceRequest(" + quoted(request.driver()) + ", " + request.count() + ", List.of("
                + strings(request.ids()) + "), List.of(" + strings(request.capabilities()) + "), "
                + JavaText.ordered(request.options()) + ")";
    }

    private static String strings(List<String> words) {
        return words.stream().map(JavaText::string).collect(Collectors.joining(", "));
    }

    private static void call(StringBuilder text, String method, String argument) {
        if (!argument.isEmpty()) {
            boolean isExpression = method.equals("entryPoint");
            text.append('.')
                    .append(method)
                    .append('(')
                    .append(isExpression ? argument : quoted(argument))
                    .append(')');
        }
    }

    private static void pairs(StringBuilder text, String method, Map<String, String> pairs) {
        pairs.forEach((name, value) -> text.append('.')
                .append(method)
                .append('(')
                .append(quoted(name))
                .append(", ")
                .append(JavaText.string(value))
                .append(')'));
    }
}
