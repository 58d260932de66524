package dev.withstack.examples.extended;

import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.profile.Explanations;
import dev.withstack.core.profile.StackProfile;
import dev.withstack.core.settings.Settings;
import dev.withstack.profiles.biagent.BiAgent;

/**
 * BI-Agent and one service of one's own beside its twelve, without a copy of any of them. Named in
 * {@code META-INF/services/dev.withstack.core.profile.StackProfile} of a jar on the launcher's class path, it is a stack
 * like those that ship.
 */
public final class BiAgentWithReports implements StackProfile {
    private final BiAgent shipped = new BiAgent();

    @Override
    public String name() {
        return shipped.name();
    }

    @Override
    public String description() {
        return shipped.description() + ", and reports";
    }

    @Override
    public Explanations explanations() {
        return shipped.explanations();
    }

    @Override
    public StackDefinition define(Environment environment, Settings settings) {
        Service reports = Service.image("my-service", "myimage:latest")
                .port("http", 9999)
                .hostPort(9999)
                .networks("local-dev")
                .needs(Dependency.healthy("postgres"))
                .limits(Limits.NONE.cpus(1).memory("512m").reservedCpus(0.5).reservedMemory("256m"))
                .probe(Probe.http("/"));
        return shipped.define(environment, settings).extend().add(reports).build();
    }
}
