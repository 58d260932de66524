package dev.withstack.core.model;

/** A host name or IP address with a TCP port. */
public record HostAndPort(String host, int port) {

    /** Return {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
