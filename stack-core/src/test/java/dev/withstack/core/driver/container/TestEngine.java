package dev.withstack.core.driver.container;

import dev.withstack.core.docker.Containers;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineLocator;
import dev.withstack.core.docker.LabelFilter;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real engine: our stacks on it, and what is left of them there. */
final class TestEngine implements AutoCloseable {
    private static final String RUN = new BigInteger(30, new SecureRandom()).toString(Character.MAX_RADIX);

    final StackEngine stacks;
    final DockerEngine docker;

    private TestEngine(StackEngine stacks, DockerEngine docker) {
        this.stacks = stacks;
        this.docker = docker;
    }

    static TestEngine open(Path stateDirectory) {
        Map<String, String> environment = System.getenv();
        Path home = Path.of(System.getProperty("user.home"));
        ContainerDriver driver = ContainerDriver.open(Path.of(""));
        return new TestEngine(
                new StackEngine(driver, stateDirectory, Clock.systemUTC()),
                DockerEngine.open(new EngineLocator(environment, home).locate()));
    }

    /** Begin a stack that no other run of the tests has. */
    static StackDefinition.Builder stack(String name) {
        return StackDefinition.of(name, Environment.TEST).build().forRun(RUN).extend();
    }

    /** Return the names of all that the engine has of the stack. */
    List<String> leftOf(StackId id) {
        LabelFilter filter = Labels.filter(id);
        List<String> left = new ArrayList<>();
        docker.containers().list(Containers.Scope.ALL, filter).forEach(one -> left.add(one.name()));
        docker.networks().list(filter).forEach(one -> left.add(one.name()));
        docker.volumes().list(filter).forEach(one -> left.add(one.name()));
        return left;
    }

    @Override
    public void close() {
        stacks.close();
        docker.close();
    }
}
