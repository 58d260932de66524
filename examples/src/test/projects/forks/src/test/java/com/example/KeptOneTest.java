package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.junit.WithStack;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Uses its stack for as long as another fork uses one too, and finds it as it was after its start. */
@WithStack(value = Cache.class, keep = "5m")
class KeptOneTest {
    @Test
    void test(RunningStack stack, RedisConnection cache) throws Exception {
        try (Jedis jedis = new Jedis(cache.uri())) {
            assertEquals(1, jedis.incr("tests"));
        }
        Cache.note(getClass(), stack);
        Cache.await(2);
    }
}
