package dev.withstack.launcher.chatbot;

import dev.withstack.launcher.scenario.Launcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** dev, stage and prod at the same time on one base, started once; in the end they go one after the other, and the base last. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class EnvironmentsIT extends Environments {
    @RegisterExtension
    static final Launcher registered = launcher;

    @BeforeAll
    static void bringAllUp() throws Exception {
        bringUp();
    }

    @AfterAll
    static void leave() {
        close();
    }

    @Nested
    @Order(1)
    class Beside extends SideBySide {}

    @Nested
    @Order(2)
    class Released extends Releasing {}

    @Nested
    @Order(3)
    class Migrated extends Migrating {}

    @Nested
    @Order(4)
    class Left extends Leaving {}
}
