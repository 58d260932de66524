package dev.withstack.junit;

import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackData;
import dev.withstack.core.engine.StackPart;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one class has to itself of a stack that is lent to several: made when its first test asks for it, removed by whoever
 * keeps it. Thread-safe.
 */
final class Portion implements Lent, AutoCloseable {
    private final Choice choice;
    private final Lent whole;
    private @Nullable StackPart part;
    private @Nullable StackData data;
    private @Nullable RuntimeException failure;

    Portion(Choice choice, Lent whole) {
        this.choice = choice;
        this.whole = whole;
    }

    @Override
    public RunningStack stack() {
        StackPart unused = part();
        return whole.stack();
    }

    /** Return the part. One that could not be made is not tried again. */
    private synchronized StackPart part() {
        if (failure != null) {
            throw failure;
        }
        if (part == null) {
            try {
                choice.refuseContradictions();
                part = choice.part(whole.stack());
                data = choice.asked().reset() == Reset.NEVER ? null : choice.data(part);
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }
        return part;
    }

    @Override
    public Optional<RunningStack> started() {
        return whole.started();
    }

    @Override
    public Optional<ServiceConnection> connection(RunningService service) {
        return part().connection(service);
    }

    @Override
    public synchronized StackData data() {
        StackPart mine = part();
        if (data == null) {
            data = choice.data(mine);
        }
        return data;
    }

    @Override
    public void reset() {
        choice.reset(this);
    }

    @Override
    public synchronized void close() {
        if (part != null) {
            part.close();
        }
    }
}
