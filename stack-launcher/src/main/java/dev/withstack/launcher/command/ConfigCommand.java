package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Held;
import dev.withstack.core.profile.ImageLock;
import dev.withstack.core.profile.Variable;
import dev.withstack.core.profile.Variables;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Redaction;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the settings of a stack, each with its origin. */
@Command(
        name = "config",
        description =
                "Show the settings of a stack: value, where it comes from, what it does. Secrets are masked. Works without an"
                        + " engine.")
final class ConfigCommand extends StackCommand {
    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Parameters(
            paramLabel = "STACK|NAME",
            completionCandidates = StackNames.class,
            description = "the stack, or the variables to show")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) {
        List<String> names =
                session.in(environment.environment.orElse(Environment.DEV)).take(words);
        List<Variable> variables = Variables.of(session.profile(), session.environment());
        List<String> known = variables.stream().map(Variable::name).toList();
        names.forEach(name -> session.words().checkVariable(name, known));
        session.maskSecrets();
        List<Held> shown = Held.of(variables, session.settings(), layers(session)).stream()
                .filter(held ->
                        names.isEmpty() || names.contains(held.variable().name()))
                .toList();
        if (session.output() == OutputMode.JSON) {
            shown.forEach(held -> session.console().line(JsonText.of(fields(held))));
        } else {
            table(shown).lines(session.console().style()).forEach(session.console()::bulk);
            session.console().flush();
        }
        return ExitCode.OK;
    }

    private static Map<String, StackDefinition> layers(Session session) {
        Map<String, StackDefinition> layers = new LinkedHashMap<>();
        try {
            layers.put("settings", session.unlockedDefinition());
            layers.put(ImageLock.FILE, session.definition());
            layers.put("chosen while it ran", session.runningDefinition());
            return layers;
        } catch (InvalidDefinitionException e) {
            // they are shown all the same: that is how to find out what is wrong with them
            return Map.of();
        }
    }

    private static Table table(List<Held> shown) {
        Table table = new Table("NAME", "VALUE", "FROM", "MEANING");
        String topic = "";
        for (Held held : shown) {
            if (!held.variable().topic().equals(topic)) {
                topic = held.variable().topic();
                table.part(topic);
            }
            table.row(
                    held.variable().name(),
                    value(held),
                    held.from(),
                    held.variable().meaning());
        }
        return table;
    }

    private static Map<String, Object> fields(Held held) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", "setting");
        fields.put("name", held.variable().name());
        fields.put("value", value(held));
        fields.put("from", held.from());
        fields.put("topic", held.variable().topic());
        fields.put("meaning", held.variable().meaning());
        return fields;
    }

    /** What is secret in a URL is masked where it is printed. */
    private static String value(Held held) {
        Asked.Kind kind = held.variable().kind();
        boolean isHidden = kind.isSecret()
                && kind != Asked.Kind.URL
                && !held.value().equals(held.variable().usual());
        return isHidden ? Redaction.MASK : held.value();
    }
}
