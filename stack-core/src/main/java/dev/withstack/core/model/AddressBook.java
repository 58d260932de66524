package dev.withstack.core.model;

/** Where endpoints are, as one kind of reader sees them. */
@FunctionalInterface
public interface AddressBook {

    /**
     * Return where the endpoint of the service can be reached.
     *
     * @throws IllegalStateException if this reader can't reach it, with the reason
     */
    HostAndPort find(String service, String endpoint);
}
