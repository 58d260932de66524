package dev.withstack.core.driver.process;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.plan.Step;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;

/** A launcher that keeps a process and is going to be killed. */
final class KilledLauncher {

    private KilledLauncher() {}

    static StackDefinition stack(String run) {
        String script = "setsid sh -c 'trap \"\" TERM; touch grandchild; while :; do sleep 1; done' & exec sleep 600";
        return StackDefinition.of("trial", Environment.DEV)
                .add(Service.process("worker", "", "sh", "-c", script)
                        .stopPolicy(new dev.withstack.core.model.StopPolicy("", java.time.Duration.ofSeconds(1))))
                .build()
                .forRun(run);
    }

    public static void main(String[] arguments) throws InterruptedException {
        StackDefinition definition = stack(arguments[2]);
        ProcessDriver driver = new ProcessDriver(
                new FakeDriver(Clock.systemUTC()),
                Path.of(arguments[1]),
                Path.of(arguments[0]),
                System.getenv(),
                Clock.systemUTC());
        Observed observed = driver.observe(definition.id());
        driver.perform(new Step.CreateContainer("worker"), definition, observed, text -> {});
        driver.perform(new Step.StartContainer("worker"), definition, observed, text -> {});
        new CountDownLatch(1).await();
    }
}
