package dev.withstack.launcher;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;

/** A stack of which some services are several: {@code stall}, and {@code porter}, of which dev starts fewer. */
final class Market implements StackProfile {

    @Override
    public String name() {
        return "market";
    }

    @Override
    public String description() {
        return "A market: stalls and porters";
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Service scales = Service.image("scales", "scales:1").port("http", 80).probe(Probe.command("is-ready"));
        return StackDefinition.of(name(), environment)
                .add(scales)
                .add(Service.image("stall", "stall:1")
                        .needs(scales)
                        .probe(Probe.command("is-ready"))
                        .shell("stall", "sh")
                        .replicas(2))
                .add(Service.image("porter", "porter:1")
                        .needs(scales)
                        .env("LOAD", "heavy")
                        .probe(Probe.command("is-ready"))
                        .replicas(Replicas.of(2).developed(1)))
                .build();
    }
}
