package dev.withstack.core.docker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keep connections between calls; each carries one call at a time. Safe for use by several threads. */
final class ConnectionPool implements AutoCloseable {

    private static final int MOST_IDLE = 8;

    private final Connector connector;
    private final Deque<HttpConnection> idle = new ArrayDeque<>();
    private final Set<HttpConnection> open = new HashSet<>();
    private boolean closed;

    ConnectionPool(Connector connector) {
        this.connector = connector;
    }

    /** Take an idle connection that still lives; null if there is none. */
    synchronized @Nullable HttpConnection take() {
        refuseWhenClosed();
        for (HttpConnection one = idle.pollFirst(); one != null; one = idle.pollFirst()) {
            if (one.usable()) {
                return one;
            }
            discard(one);
        }
        return null;
    }

    /** Open a new connection. */
    HttpConnection connect() throws IOException {
        HttpConnection connection = new HttpConnection(connector.connect());
        synchronized (this) {
            if (!closed) {
                open.add(connection);
                return connection;
            }
        }
        closeQuietly(connection);
        connector.close();
        throw closedException();
    }

    synchronized void give(HttpConnection connection) {
        if (closed || idle.size() >= MOST_IDLE) {
            discard(connection);
        } else {
            idle.addFirst(connection);
        }
    }

    void discard(HttpConnection connection) {
        synchronized (this) {
            open.remove(connection);
        }
        closeQuietly(connection);
    }

    synchronized boolean closed() {
        return closed;
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw closedException();
        }
    }

    static IllegalStateException closedException() {
        return new IllegalStateException("This client of the Docker engine is closed");
    }

    /** Close every connection, idle or not; calls in progress fail. */
    @Override
    public void close() {
        List<HttpConnection> all;
        synchronized (this) {
            closed = true;
            idle.clear();
            all = new ArrayList<>(open);
            open.clear();
        }
        for (HttpConnection one : all) {
            closeQuietly(one);
        }
        connector.close();
    }

    private static void closeQuietly(HttpConnection connection) {
        try {
            connection.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }
}
