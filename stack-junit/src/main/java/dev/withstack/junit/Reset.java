package dev.withstack.junit;

/** When the data of a stack's services is put back to what it was after the start. */
public enum Reset {
    /** Never: tests see what those before them have left. */
    NEVER,

    /** Before each test, ahead of its {@code @BeforeEach} methods. Tests that share the stack then run one at a time. */
    BEFORE_EACH
}
