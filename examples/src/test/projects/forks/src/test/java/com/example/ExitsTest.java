package com.example;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.junit.WithStack;
import org.junit.jupiter.api.Test;

@WithStack(Cache.class)
class ExitsTest {
    @Test
    void test(RunningStack stack) throws Exception {
        Cache.note(getClass(), stack);
        System.exit(3);
    }
}
