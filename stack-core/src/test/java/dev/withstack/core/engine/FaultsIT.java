package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.Stacks;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.health.Answer;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.coverage.Row;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Faults that a test makes, and that they are undone, on the real engine. */
class FaultsIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static RunningStack stack;
    private static RunningService cache;

    @BeforeAll
    static void start() {
        stack = Stacks.start(StackDefinition.of("faults-it", Environment.TEST)
                .add(Redis.service("cache"))
                .build());
        cache = stack.service("cache");
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    @Row("junit.faults")
    void whatIsKilledStaysDownUntilItIsMended() throws InterruptedException {
        cache.kill();

        assertThat(cache.container().map(Observed.Container::state)).contains(Observed.State.EXITED);
        assertThat(cache.ask()).isNotEqualTo(Answer.READY);

        assertThat(stack.mend()).isTrue();
        assertThatItAnswers();
    }

    @Test
    @Row("junit.faults")
    void whatIsPausedAnswersNobodyUntilItGoesOn() throws InterruptedException {
        cache.pause();
        assertThatThrownBy(FaultsIT::ping).isInstanceOf(JedisException.class);

        cache.resume();
        cache.awaitHealthy(LONG);
        assertThatItAnswers();

        cache.pause();
        assertThat(stack.mend()).isTrue();
        assertThatItAnswers();
    }

    @Test
    @Row("junit.faults")
    void whatIsDisconnectedIsReachedByNobodyUntilItIsConnected() throws InterruptedException {
        cache.disconnect();
        assertThat(cache.ask()).isNotEqualTo(Answer.READY);

        cache.connect();
        cache.awaitHealthy(LONG);
        assertThatItAnswers();

        cache.disconnect();
        assertThat(stack.mend()).isTrue();
        assertThatItAnswers();
    }

    @Test
    @Row("junit.faults")
    void whatIsRestartedIsReadyAfterwards() throws InterruptedException {
        cache.restart();

        assertThatItAnswers();
    }

    private static void assertThatItAnswers() throws InterruptedException {
        cache.awaitHealthy(LONG);
        assertThat(ping()).isEqualTo("PONG");
    }

    private static String ping() {
        HostAndPort address = cache.address();
        try (Jedis jedis = new Jedis(address.host(), address.port(), 5_000)) {
            return jedis.ping();
        }
    }
}
