package com.example;

import dev.withstack.core.engine.RunningStack;
import dev.withstack.junit.WithStack;
import org.junit.jupiter.api.Test;

@WithStack(Cache.class)
class KilledTest {
    @Test
    void test(RunningStack stack) throws Exception {
        Cache.note(getClass(), stack);
        String me = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-9", me).start().waitFor();
        Thread.sleep(600_000);
    }
}
