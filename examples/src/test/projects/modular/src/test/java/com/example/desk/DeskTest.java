package com.example.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.withstack.core.Stacks;
import org.junit.jupiter.api.Test;

class DeskTest {
    @Test
    void deskHasItsServerWhenAllIsOnTheModulePath() {
        assertEquals("com.example.desk", Desk.class.getModule().getName());
        assertEquals("dev.withstack.core", Stacks.class.getModule().getName());
        try (Desk desk = new Desk()) {
            assertTrue(desk.cache().startsWith("127.0.0.1:"), desk.cache());
        }
    }
}
