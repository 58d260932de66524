package dev.withstack.core.docker;

import java.io.Closeable;
import java.io.IOException;

/**
 * Carry bytes to and from the engine.
 *
 * <p>Used by one thread at a time, except that one may read while another writes, and that any thread may call {@link
 * #close()} to end a call in progress. An interrupt of the using thread ends it too.
 */
interface Wire extends Closeable {

    /** Stand for waiting without end. */
    int FOREVER = 0;

    /**
     * Read at least one byte.
     *
     * @param timeoutMillis how long to wait for it, or {@link #FOREVER}
     * @return how many bytes were read, -1 at the end of the stream
     * @throws java.net.SocketTimeoutException if none came in time
     */
    int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException;

    /** Write all bytes. */
    void write(byte[] source, int offset, int length) throws IOException;

    /** Tell whether the idle wire can carry another call. */
    boolean usable();
}
