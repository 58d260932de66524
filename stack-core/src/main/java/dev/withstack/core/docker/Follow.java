package dev.withstack.core.docker;

import java.io.IOException;
import java.time.Duration;

/**
 * Hold a stream that is being read on its own daemon thread.
 *
 * <p>{@link #close()} may be called by any thread, the listener's included; it does not wait.
 */
public final class Follow implements AutoCloseable {

    /** Read a stream to its end. */
    interface Reading {
        void run() throws IOException;
    }

    private final EngineClient client;
    private final Call call;
    private final Response response;
    private final Thread thread;

    private Follow(EngineClient client, Call call, Response response, Reading reading, StreamListener<?> listener) {
        this.client = client;
        this.call = call;
        this.response = response;
        this.thread = new Thread(() -> listener.ended(endOf(reading)), "docker " + call);
        this.thread.setDaemon(true);
    }

    static Follow start(
            EngineClient client, Call call, Response response, Reading reading, StreamListener<?> listener) {
        Follow follow = new Follow(client, call, response, reading, listener);
        follow.thread.start();
        return follow;
    }

    private StreamEnd endOf(Reading reading) {
        try {
            reading.run();
            return StreamEnd.of(closed() ? StreamEnd.Reason.CLOSED : StreamEnd.Reason.FINISHED);
        } catch (IOException e) {
            return closed() ? StreamEnd.of(StreamEnd.Reason.CLOSED) : StreamEnd.failed(client.failure(e, call));
        } catch (RuntimeException e) {
            return StreamEnd.failed(e);
        } finally {
            response.close();
        }
    }

    private boolean closed() {
        return response.closed() || client.closed();
    }

    /**
     * Wait for the end, after which the listener is not called again.
     *
     * @return whether it came in time
     */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        thread.join(Math.max(1, timeout.toMillis()));
        return !thread.isAlive();
    }

    /** End the stream; its listener hears of it. */
    @Override
    public void close() {
        response.close();
    }
}
