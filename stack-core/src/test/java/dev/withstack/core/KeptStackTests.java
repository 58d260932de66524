package dev.withstack.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.driver.FakeDriver;
import dev.withstack.core.engine.Selection;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who adopts a stack that was kept, and when it goes. */
class KeptStackTests {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration IDLE = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    private FakeDriver driver;

    @BeforeEach
    void setUp() {
        driver = new FakeDriver(Clock.systemUTC());
    }

    private static StackDefinition shop(String image) {
        return StackDefinition.of("shop", Environment.TEST)
                .add(Service.image("db", image).probe(Probe.command("is-ready")))
                .build();
    }

    private KeptStack start(StackDefinition definition, Instant now) {
        return KeptStack.start(
                definition, Selection.all(), engine(), IDLE, event -> {}, directory, Clock.fixed(now, ZoneOffset.UTC));
    }

    private StackEngine engine() {
        return new StackEngine(driver, directory, Clock.systemUTC());
    }

    @Test
    void startWhenOneWasGivenBackAdoptsIt() {
        KeptStack first = start(shop("db:1"), NOON);
        String run = first.stack().definition().id().run();
        first.giveBack();
        driver.forgetPerformed();

        KeptStack second = start(shop("db:1"), NOON.plusSeconds(60));

        assertThat(second.stack().definition().id().run()).isEqualTo(run);
        assertThat(driver.performed()).isEmpty();
        second.close();
    }

    @Test
    void startWhenOneIsInUseTakesAnother() {
        KeptStack first = start(shop("db:1"), NOON);
        KeptStack second = start(shop("db:1"), NOON);

        assertThat(second.stack().definition().id())
                .isNotEqualTo(first.stack().definition().id());
        first.close();
        second.close();
    }

    @Test
    void startWhenTheDefinitionDiffersTakesAnother() {
        KeptStack first = start(shop("db:1"), NOON);
        String run = first.stack().definition().id().run();
        first.giveBack();

        KeptStack second = start(shop("db:2"), NOON);

        assertThat(second.stack().definition().id().run()).isNotEqualTo(run);
        second.close();
    }

    @Test
    void removeIdleWhenTheLastUserDidNotGiveItBackRemovesIt() {
        try (KeptRun killed = KeptRun.take(directory, shop("db:1").id(), "key")) {
            killed.write(new KeptRun.State(NOON, NOON, IDLE, KeptRun.Order.IN_USE));
        }
        assertThat(KeptRun.unused(directory)).hasSize(1).allSatisfy(KeptRun::close);

        assertThat(KeptStack.removeIdle(engine(), directory, NOON)).isEmpty();

        assertThat(KeptRun.unused(directory)).isEmpty();
    }

    @Test
    void stateWhenItWasHalfWrittenIsThatOfOneThatWasNotGivenBack() throws IOException {
        try (KeptRun run = KeptRun.take(directory, shop("db:1").id(), "key")) {
            run.write(new KeptRun.State(NOON, NOON, IDLE, KeptRun.Order.CLEAN));
        }
        Path file = directory.resolve("shop!kept-key-1.kept");
        Files.writeString(file, Files.readString(file).substring(0, 20));

        try (KeptRun run = KeptRun.take(directory, shop("db:1").id(), "key")) {
            assertThat(run.state()).map(KeptRun.State::order).contains(KeptRun.Order.IN_USE);
        }
    }

    @Test
    void removeIdleWhenItsTimeIsNotOverSaysWhenItIs() {
        start(shop("db:1"), NOON).giveBack();

        assertThat(KeptStack.removeIdle(engine(), directory, NOON.plusSeconds(599)))
                .contains(NOON.plus(IDLE));
        assertThat(driver.running()).containsExactly("db");
    }

    @Test
    void removeIdleWhenItsTimeIsOverRemovesIt() {
        start(shop("db:1"), NOON).giveBack();

        assertThat(KeptStack.removeIdle(engine(), directory, NOON.plusSeconds(601)))
                .isEmpty();
        assertThat(driver.running()).isEmpty();
        assertThat(KeptRun.unused(directory)).as("all is forgotten").isEmpty();
    }

    @Test
    void closeWhenItWasNotGivenBackRemovesIt() {
        start(shop("db:1"), NOON).close();

        assertThat(driver.running()).isEmpty();
        assertThat(KeptRun.unused(directory)).isEmpty();
    }

    @Test
    void startWhenTheStackStandsOnABaseRefuses() {
        StackDefinition base = StackDefinition.of("base", Environment.BASE)
                .add(Service.image("db", "db:1").probe(Probe.command("is-ready")))
                .build();
        StackDefinition onBase = StackDefinition.of("shop", Environment.TEST)
                .base(base)
                .add(Service.image("app", "app:1").probe(Probe.command("is-ready")))
                .build();

        assertThatThrownBy(() -> start(onBase, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'shop' stands on a base, and such a stack can't be kept.");
    }
}
