package dev.withstack.junit;

import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackData;
import java.util.Optional;

/** What tests are given of a stack: all of it, or a part. Thread-safe. */
interface Lent {

    /** Return the stack, started if it is not yet. */
    RunningStack stack();

    /** Return the stack if it was started. */
    Optional<RunningStack> started();

    /** Return how a service of the stack is used here; empty if it holds nothing that we know how to use. */
    Optional<ServiceConnection> connection(RunningService service);

    /** Return the data that is these tests': as it was after the start if it is to be reset, otherwise as it is now. */
    StackData data();

    /** Put the data back, if that is wanted. */
    void reset();
}
