package dev.withstack.core.engine;

/**
 * Puts the data of a service back to what it was, where withstack does not know how to. Called by one thread at a time,
 * whichever, while other services are put back; what it throws fails what asked for it.
 */
public interface ServiceReset {

    /** Return the name of the service. */
    String service();

    /** Take the data as it is now for what it is put back to. */
    void remember(RunningService service) throws Exception;

    /** Put the data back to what was remembered last. */
    void reset(RunningService service) throws Exception;
}
