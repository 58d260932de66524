package dev.withstack.launcher.command;

import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.launcher.console.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Tells what the words behind a command mean, and refuses those that mean nothing. */
final class Words {
    private final Session session;

    Words(Session session) {
        this.session = session;
    }

    /**
     * Check that the words are services of the definition.
     *
     * @return the services, all replicas of one that has some
     */
    List<String> services(List<String> words) {
        if (words.isEmpty()) {
            return words;
        }
        StackDefinition running = session.runningDefinition();
        Set<String> known = new LinkedHashSet<>(running.servicesWithBase().keySet());
        known.addAll(running.declared().keySet());
        words.forEach(word -> checkWord(word, List.copyOf(known)));
        return words.stream()
                .flatMap(word -> running.declared().containsKey(word) ? running.meant(word).stream() : Stream.of(word))
                .distinct()
                .toList();
    }

    /** Check that the word is one of the services. */
    void checkWord(String word, List<String> services) {
        if (!services.contains(word)) {
            checkIsNotAnotherStack(word);
            List<String> candidates = new ArrayList<>(services);
            candidates.addAll(session.profiles().names());
            throw CommandFailedException.usage("'" + word + "' is neither a stack nor a service of "
                    + session.profile().name() + "." + Suggestion.sentence(word, candidates)
                    + (services.isEmpty() ? "" : " Services: " + String.join(", ", services) + "."));
        }
    }

    private void checkIsNotAnotherStack(String word) {
        if (session.profiles().names().contains(word)) {
            throw CommandFailedException.usage("A command is for one stack, and this one for "
                    + session.profile().name() + ". Run it again for '" + word + "'.");
        }
    }

    /** Check that there is no word but the stack's name. */
    void takeStackOnly(List<String> words) {
        session.take(words).forEach(word -> {
            checkIsNotAnotherStack(word);
            throw CommandFailedException.usage("There is no stack '" + word + "'."
                    + Suggestion.sentence(word, session.profiles().names()) + " Stacks: "
                    + String.join(", ", session.profiles().names()) + ".");
        });
    }

    /** Check that the word is one of the stack's variables. */
    void checkVariable(String word, List<String> variables) {
        if (!variables.contains(word)) {
            throw CommandFailedException.usage("'" + word + "' is neither a stack nor a variable of "
                    + session.profile().name() + "." + Suggestion.sentence(word, variables)
                    + " See them all with: " + session.surroundings().program() + " config "
                    + session.profile().name());
        }
    }

    /**
     * Check that the services have containers, running or not.
     *
     * @return the services, all replicas of one that has some; all there are if none is named
     */
    List<String> existing(List<String> words) {
        List<String> there = List.copyOf(session.observedWithBase().containers().keySet());
        if (words.isEmpty() && there.isEmpty()) {
            throw session.notRunning();
        }
        for (String word : words) {
            if (session.observedWithBase().meant(word).isEmpty()) {
                services(List.of(word));
                throw CommandFailedException.notRunning(word + " of " + session.id() + " is not there. Start it with: "
                        + session.surroundings().program() + " " + session.startCommand() + session.called(" ") + " "
                        + word);
            }
        }
        return words.isEmpty() ? there : meant(words);
    }

    /** Return the services, of those that are there, that the words stand for. */
    List<String> meant(List<String> words) {
        return words.stream()
                .flatMap(word -> session.observedWithBase().meant(word).stream())
                .distinct()
                .toList();
    }

    /** Check that the service runs. */
    void checkRuns(String service) {
        boolean isRunning = session.observedWithBase()
                .container(service)
                .map(Observed.Container::isRunning)
                .orElse(false);
        if (!isRunning) {
            throw CommandFailedException.notRunning(service + " of " + session.id() + " is not running. Start it with: "
                    + session.surroundings().program() + " " + session.startCommand() + session.called(" ") + " "
                    + service);
        }
    }
}
