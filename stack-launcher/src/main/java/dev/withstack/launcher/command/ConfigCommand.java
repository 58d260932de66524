package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.Variable;
import dev.withstack.core.profile.Variables;
import dev.withstack.core.settings.Asked;
import dev.withstack.core.settings.Origin;
import dev.withstack.core.settings.Redaction;
import dev.withstack.core.settings.Setting;
import dev.withstack.core.settings.Settings;
import dev.withstack.launcher.console.JsonText;
import dev.withstack.launcher.console.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the settings of a stack, each with its origin. */
@Command(
        name = "config",
        description =
                "Show the settings of a stack: value, where it comes from, what it does. Secrets are masked. Works without an"
                        + " engine.")
final class ConfigCommand implements StackCommand {
    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(names = "--all", description = "ports, images and limits of all services too, given or not")
    boolean all;

    @Parameters(
            paramLabel = "STACK|NAME",
            completionCandidates = StackNames.class,
            description = "the stack, or the variables to show")
    List<String> words = new ArrayList<>();

    @Override
    public CommonOptions common() {
        return common;
    }

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
        names.forEach(name -> session.checkVariable(name, known));
        session.maskSecrets();
        Settings settings = session.settings();
        Table table = new Table("NAME", "VALUE", "FROM", "MEANING");
        for (Variable variable : variables) {
            boolean isGiven = settings.find(variable.name()).isPresent();
            boolean isShown = names.isEmpty()
                    ? all || isGiven || !variable.topic().equals(Variables.OF_SERVICES)
                    : names.contains(variable.name());
            if (isShown) {
                show(session, variable, table);
            }
        }
        if (session.output() != OutputMode.JSON) {
            table.lines(session.console().style()).forEach(session.console()::bulk);
            session.console().flush();
        }
        return ExitCode.OK;
    }

    private static void show(Session session, Variable variable, Table table) {
        Setting setting = session.settings()
                .find(variable.name())
                .orElseGet(() -> new Setting(variable.name(), variable.usual(), Origin.DEFAULT));
        // what is secret in a URL is masked where it is printed
        boolean isHidden = variable.kind().isSecret()
                && variable.kind() != Asked.Kind.URL
                && !setting.value().equals(variable.usual());
        String value = isHidden ? Redaction.MASK : setting.value();
        if (session.output() == OutputMode.JSON) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("event", "setting");
            fields.put("name", variable.name());
            fields.put("value", value);
            fields.put("from", setting.origin().description());
            fields.put("topic", variable.topic());
            fields.put("meaning", variable.meaning());
            session.console().line(JsonText.of(fields));
        } else {
            table.row(variable.name(), value, setting.origin().description(), variable.meaning());
        }
    }
}
