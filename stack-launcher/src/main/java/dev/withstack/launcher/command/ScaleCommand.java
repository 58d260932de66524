package dev.withstack.launcher.command;

import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.launcher.console.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs other numbers of replicas. */
@Command(
        name = "scale",
        description = {
            "Run this many replicas of a service, until it is scaled again or the stack is taken down: scale worker=4",
            "Only the difference is started or ended; what is ended finishes what it has in hand."
        })
final class ScaleCommand extends StackCommand {
    private static final Pattern NUMBER = Pattern.compile("([^=]+)=([0-9]{1,9})");

    @Mixin
    EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationWord.class,
            description = "give up on a replica that is not ready after this, such as 90s")
    Optional<Duration> timeout = Optional.empty();

    @Parameters(paramLabel = "STACK|SERVICE=NUMBER", description = "the stack; services, and how many of each")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        List<String> asked = session.in(environment).take(words);
        StackDefinition definition = session.definition();
        Map<String, Integer> numbers = numbers(asked, definition);
        if (session.observed().containers().isEmpty()) {
            throw session.notRunning();
        }
        session.sayProject();
        UpSwitches switches = new UpSwitches();
        switches.timeout = timeout;
        return new BringUp(session, switches, BringUp.Whole.EVERYTHING).scale(numbers);
    }

    private static Map<String, Integer> numbers(List<String> asked, StackDefinition definition) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (String word : asked) {
            Matcher matcher = NUMBER.matcher(word);
            if (!matcher.matches()) {
                throw CommandFailedException.usage(
                        "'" + word + "' does not say how many of a service. Write it as in: scale worker=4");
            }
            numbers.put(
                    several(matcher.group(1), definition),
                    checked(matcher.group(1), Integer.parseInt(matcher.group(2))));
        }
        if (numbers.isEmpty()) {
            throw CommandFailedException.usage(
                    "scale needs to know how many of which service, as in: scale worker=4. " + canBeScaled(definition));
        }
        return numbers;
    }

    private static String several(String service, StackDefinition definition) {
        if (definition.replicas().containsKey(service)) {
            return service;
        }
        String problem = definition.declared().containsKey(service)
                ? "'" + service + "' is not made to be several."
                : "'" + service + "' is no service of " + definition.name() + "."
                        + Suggestion.sentence(
                                service, List.copyOf(definition.replicas().keySet()));
        throw CommandFailedException.usage(problem + " " + canBeScaled(definition));
    }

    private static String canBeScaled(StackDefinition definition) {
        return definition.replicas().isEmpty()
                ? "No service of " + definition.name() + " can be scaled."
                : "What can be scaled: "
                        + String.join(", ", definition.replicas().keySet()) + ".";
    }

    private static int checked(String service, int number) {
        if (number < 1 || number > Replicas.MOST) {
            throw CommandFailedException.usage("'" + service + "' can't have " + number + " replicas: 1 to "
                    + Replicas.MOST + " are possible. To have none run: stop " + service);
        }
        return number;
    }
}
