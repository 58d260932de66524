package dev.withstack.junit;

import dev.withstack.core.KeptStack;
import dev.withstack.core.Stacks;
import dev.withstack.core.compose.ComposeFile;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.ServiceReset;
import dev.withstack.core.engine.StackData;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.engine.StackEvent;
import dev.withstack.core.engine.StackPart;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.ReflectionSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a test class asks for.
 *
 * @param asked the annotation
 * @param dockerHost the engine, as {@code DOCKER_HOST} names it; empty for the usual one
 * @param engines where it is run
 */
record Choice(WithStack asked, String dockerHost, Engines engines) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smh])");
    private static final Logger LOG = LoggerFactory.getLogger(Choice.class);

    /** Return how the stack is called in messages. */
    String name() {
        if (asked.file().length > 0) {
            return String.join(", ", asked.file());
        }
        return asked.name().isEmpty() ? asked.value().getSimpleName() : asked.name();
    }

    StackEngine engine() {
        boolean isFromFile = asked.file().length > 0;
        return engines.open(
                dockerHost, isFromFile ? ComposeFile.directoryOf(Path.of(asked.file()[0])) : Path.of(asked.project()));
    }

    RunningStack start(Consumer<StackEvent> listener) {
        StackDefinition definition = definition();
        return Stacks.start(definition, new Selection.WithNeeds(List.of(asked.services())), engine(), listener);
    }

    /** Adopt the stack if it was kept, or start it. */
    KeptStack startKept(Consumer<StackEvent> listener) {
        Duration idle = keep();
        try {
            return KeptStack.start(
                    definition(), new Selection.WithNeeds(List.of(asked.services())), engine(), idle, listener);
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(
                    e.getMessage() + " Leave keep out of @WithStack(" + name() + ").", e);
        }
    }

    boolean isToBeKept() {
        return !asked.keep().isEmpty();
    }

    private Duration keep() {
        Matcher word = DURATION.matcher(asked.keep());
        if (!word.matches()) {
            throw new ExtensionConfigurationException("keep = \"" + asked.keep() + "\" of @WithStack(" + name()
                    + ") is no time: write a number and s, m or h, such as 10m.");
        }
        long number = Long.parseLong(word.group(1));
        return switch (word.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** Tell whether the stack as a whole is put back, rather than parts of it. */
    boolean isWholeToBeReset() {
        return isToBeKept() || (asked.reset() != Reset.NEVER && asked.isolation() == Isolation.NONE);
    }

    /** Take note of the data that the stack holds. */
    StackData data(RunningStack stack) {
        List<ServiceReset> own = new ArrayList<>();
        for (Class<? extends ServiceReset> reset : asked.resets()) {
            own.add(ReflectionSupport.newInstance(reset));
        }
        return with(
                "note was taken of the data",
                "resets = ..., or untouched = ...",
                () -> stack.data(touched(stack), keeping(), own));
    }

    /** Take note of the data that a class has to itself. */
    StackData data(StackPart part) {
        return with("note was taken of the data", "", part::data);
    }

    /** @throws ExtensionConfigurationException if what is asked for does not go together with a part for each class */
    void refuseContradictions() {
        if (asked.scope() != Scope.RUN) {
            throw new ExtensionConfigurationException("isolation = CLASS of @WithStack(" + name()
                    + ") is for classes that share a stack: say scope = RUN too, or leave it out.");
        }
        if (asked.resets().length > 0) {
            throw new ExtensionConfigurationException(
                    "A ServiceReset puts back all of a service, of which each class has a"
                            + " part with isolation = CLASS: leave resets or isolation out of @WithStack(" + name()
                            + ").");
        }
    }

    /** Make what a class has to itself of the stack. */
    StackPart part(RunningStack stack) {
        return with(
                "a part of the stack was made",
                "services = ..., without = ..., untouched = ..., or scope = CLASS",
                () -> stack.part(touched(stack), keeping()));
    }

    /** Put back what is lent, if that is wanted. */
    void reset(Lent lent) {
        if (asked.reset() == Reset.BEFORE_EACH) {
            boolean unused = with("the data was put back", "", () -> {
                lent.data().reset();
                return true;
            });
        }
    }

    private List<String> touched(RunningStack stack) {
        List<String> services = new ArrayList<>(stack.timeline().entries().keySet());
        services.removeAll(List.of(asked.untouched()));
        return services;
    }

    /** Return the services with volumes, which are no more under test. */
    private List<String> keeping() {
        return definition().servicesWithBase().values().stream()
                .filter(service -> !service.volumes().isEmpty())
                .map(Service::name)
                .toList();
    }

    /** Something with servers that may take a while. */
    private interface Work<T> {
        T run() throws InterruptedException;
    }

    private <T> T with(String what, String ways, Work<T> work) {
        try {
            return work.run();
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(e.getMessage() + " In @WithStack(" + name() + "): " + ways, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + what + ".", e);
        }
    }

    /** Return the stack as it is asked for. */
    StackDefinition definition() {
        StackProfile profile = profile();
        Map<String, String> settings = settings();
        // for what is wrong with the settings
        Settings given = Settings.of(Environment.TEST, settings);
        StackDefinition unused = Profiles.load(profile, given);
        given.remarks().forEach(remark -> LOG.warn("{}", remark));
        StackDefinition definition = Profiles.sketch(profile, Settings.of(Environment.TEST, settings));
        if (asked.without().length > 0) {
            StackDefinition.Builder fewer = definition.extend();
            List.of(asked.without()).forEach(fewer::remove);
            definition = fewer.build();
        }
        for (Class<? extends StackChange> change : asked.changes()) {
            definition = ReflectionSupport.newInstance(change).apply(definition);
        }
        return definition;
    }

    private StackProfile profile() {
        boolean isByClass = asked.value() != StackProfile.class;
        if (asked.file().length > 0) {
            if (isByClass || !asked.name().isEmpty()) {
                throw new ExtensionConfigurationException(
                        "@WithStack(" + name() + ") names its stack by a file and otherwise: say one.");
            }
            List<Path> files = Stream.of(asked.file()).map(Path::of).toList();
            return ComposeFile.of(files, Settings.of(Environment.TEST, settings()));
        }
        if (isByClass == !asked.name().isEmpty()) {
            throw new ExtensionConfigurationException(
                    isByClass
                            ? "@WithStack(" + name() + ") names its stack twice, by a class and by a name: say one."
                            : "@WithStack does not say which stack: give its class, or its name with name = \"...\".");
        }
        if (isByClass) {
            return ReflectionSupport.newInstance(asked.value());
        }
        Profiles profiles = Profiles.find(Thread.currentThread().getContextClassLoader());
        return profiles.named(asked.name())
                .orElseThrow(() -> new ExtensionConfigurationException("No stack is called '" + asked.name()
                        + "' on the class path; there are: " + String.join(", ", profiles.names())
                        + ". A StackProfile of your own is found when META-INF/services names it."));
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String setting : asked.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException(
                        "The setting '" + setting + "' of @WithStack(" + name() + ") is not written as NAME=VALUE.");
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return settings;
    }
}
