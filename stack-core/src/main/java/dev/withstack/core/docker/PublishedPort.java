package dev.withstack.core.docker;

/**
 * Hold one port of a container that is published on the host.
 *
 * @param hostIp the address it is bound to: {@code 127.0.0.1}, {@code 0.0.0.0}, {@code ::}
 * @param hostPort the port on the host
 * @param containerPort the port inside
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
public record PublishedPort(String hostIp, int hostPort, int containerPort, String protocol) {}
