package dev.withstack.core.profile;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.settings.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The profiles that can be seen from here. */
public final class Profiles {
    private final List<StackProfile> profiles;

    public Profiles(List<StackProfile> profiles) {
        this.profiles = profiles.stream()
                .sorted(Comparator.comparing(StackProfile::name))
                .toList();
    }

    /** Find all profiles on the class path or module path of the loader. */
    public static Profiles find(ClassLoader loader) {
        return new Profiles(ServiceLoader.load(StackProfile.class, loader).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /** Return all profiles by name. */
    public List<StackProfile> all() {
        return profiles;
    }

    /** Return the names of all profiles. */
    public List<String> names() {
        return profiles.stream().map(StackProfile::name).toList();
    }

    /** Find the profile of that name. */
    public Optional<StackProfile> named(String name) {
        return profiles.stream().filter(profile -> profile.name().equals(name)).findFirst();
    }

    /**
     * Return the stack as it is run in a test: every endpoint on any free port of the loopback address, nothing
     * restarted, nothing kept. {@link #load} does this of itself.
     */
    public static StackDefinition forTest(StackDefinition definition) {
        return TestWays.apply(definition);
    }

    /**
     * Define the stack by the rules of its environment, with the user's overrides of ports, limits and images.
     *
     * @throws InvalidDefinitionException with every problem of definition and settings
     */
    public static StackDefinition load(StackProfile profile, Settings settings) {
        Environment environment = settings.environment();
        StackDefinition definition;
        try {
            definition = sketch(profile, settings);
        } catch (InvalidDefinitionException e) {
            if (settings.problems().isEmpty()) {
                throw e;
            }
            List<Problem> all = new ArrayList<>(settings.problems());
            all.addAll(e.problems());
            throw unfit(profile, environment, all);
        }
        if (!settings.problems().isEmpty()) {
            throw unfit(profile, environment, settings.problems());
        }
        return environment == Environment.TEST ? TestWays.apply(definition) : definition;
    }

    /**
     * Define the stack for somebody who only looks at it: settings that are wrong or missing don't matter.
     *
     * @throws InvalidDefinitionException if the definition is not sound
     */
    public static StackDefinition sketch(StackProfile profile, Settings settings) {
        StackDefinition definition = defined(profile, settings);
        Settings movers =
                switch (profile.movers()) {
                    case ALL -> settings;
                    case COMMAND -> settings.ofCommand();
                };
        StackDefinition own = definition.map(service -> adjusted(service, definition, movers));
        return own.base().map(base -> own.on(overridden(base, settings))).orElse(own);
    }

    private static StackDefinition defined(StackProfile profile, Settings settings) {
        try {
            return profile.define(settings.environment(), settings);
        } finally {
            if (settings.environment().isRelease()) {
                new ReleaseRules(settings).check();
            }
        }
    }

    /** What all environments share follows what they all read, lest each starts it in its own way. */
    private static StackDefinition overridden(StackDefinition base, Settings settings) {
        Overrides overrides = new Overrides(settings.ofBase());
        return base.map(overrides::apply);
    }

    private static Service adjusted(Service service, StackDefinition definition, Settings settings) {
        boolean isRelease = settings.environment().isRelease();
        return new Overrides(settings)
                .apply(isRelease ? new ReleaseRules(settings).unpublished(service, definition) : service);
    }

    private static InvalidDefinitionException unfit(
            StackProfile profile, Environment environment, List<Problem> problems) {
        return new InvalidDefinitionException(
                "The settings of " + profile.name() + " are not fit for " + environment.id(), problems);
    }
}
