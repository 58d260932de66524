package dev.withstack.junit;

import dev.withstack.core.KeptStack;
import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackData;
import dev.withstack.core.engine.StackEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stack that is lent to tests: started when the first of them asks for it, closed by whoever keeps the loan. Thread-safe. */
final class Loan implements Lent, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loan.class);

    private final Choice choice;
    private @Nullable KeptStack kept;
    private @Nullable RunningStack stack;
    private @Nullable StackData data;
    private @Nullable RuntimeException failure;

    Loan(Choice choice) {
        this.choice = choice;
    }

    /**
     * Return the stack, started if it is not yet. A start that has failed is not tried again: whoever asks is told how it
     * failed.
     */
    @Override
    public synchronized RunningStack stack() {
        if (failure != null) {
            throw failure;
        }
        if (stack == null) {
            try {
                if (choice.isToBeKept()) {
                    kept = choice.startKept(Loan::log);
                    stack = kept.stack();
                } else {
                    stack = choice.start(Loan::log);
                }
                data = choice.isWholeToBeReset() ? choice.data(stack) : null;
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }
        return stack;
    }

    @Override
    public synchronized Optional<RunningStack> started() {
        return failure == null ? Optional.ofNullable(stack) : Optional.empty();
    }

    @Override
    public Optional<ServiceConnection> connection(RunningService service) {
        return service.connection();
    }

    @Override
    public synchronized StackData data() {
        RunningStack running = stack();
        if (data == null) {
            data = choice.data(running);
        }
        return data;
    }

    @Override
    public void reset() {
        choice.reset(this);
    }

    @Override
    public synchronized void close() {
        if (kept != null) {
            try (KeptStack leaving = kept) {
                giveBack(leaving);
            }
        } else if (stack != null) {
            stack.close();
        }
    }

    /** What can't be put back is not for others; closing removes it then. */
    private void giveBack(KeptStack leaving) {
        StackData known = data;
        if (failure != null || known == null) {
            return;
        }
        try {
            boolean unused = leaving.stack().mend();
            known.reset();
            leaving.giveBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The stack can't be put back, so it is not kept.", e);
        }
    }

    private static void log(StackEvent event) {
        if (event instanceof StackEvent.Notice notice) {
            LOG.info("{}", notice.text());
        } else if (event instanceof StackEvent.Finished finished) {
            LOG.info("Stack ready in {} ms", finished.timeline().total().toMillis());
        }
    }
}
