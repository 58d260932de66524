package dev.withstack.launcher;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;

/** Another stack, so that one has to be chosen. */
final class Kiosk implements StackProfile {

    @Override
    public String name() {
        return "kiosk";
    }

    @Override
    public String description() {
        return "A kiosk";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        return StackDefinition.of(name(), environment)
                .add(Service.image("till", "till:1"))
                .build();
    }
}
