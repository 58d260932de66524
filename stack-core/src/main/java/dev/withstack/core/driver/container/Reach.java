package dev.withstack.core.driver.container;

import dev.withstack.core.docker.ContainerDetails;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineAddress;
import dev.withstack.core.docker.NetworkAttachment;
import dev.withstack.core.docker.NetworkDetails;
import dev.withstack.core.docker.PublishedPort;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the way from this process to a container: its own address where the engine's bridge is an interface of this
 * host, which is quickest and needs no published port; otherwise the published port.
 */
final class Reach {
    private static final String ANY_ADDRESS = "0.0.0.0";

    private final DockerEngine engine;
    private final Map<String, Boolean> isBridgeHere = new ConcurrentHashMap<>();

    Reach(DockerEngine engine) {
        this.engine = engine;
    }

    /** @throws IOException if there is no way, with the reason */
    HostAndPort address(ContainerDetails container, Endpoint endpoint) throws IOException {
        for (NetworkAttachment attachment : container.networks()) {
            if (!attachment.ipAddress().isEmpty()
                    && isBridgeHere.computeIfAbsent(attachment.network(), this::isBridgeHere)) {
                return new HostAndPort(attachment.ipAddress(), endpoint.port());
            }
        }
        return published(container, endpoint);
    }

    /** @throws IOException if the endpoint is not published */
    HostAndPort published(ContainerDetails container, Endpoint endpoint) throws IOException {
        for (PublishedPort port : container.ports()) {
            if (port.containerPort() == endpoint.port()
                    && port.hostPort() > 0
                    && port.protocol().equals("tcp")) {
                return new HostAndPort(hostOf(port.hostIp()), port.hostPort());
            }
        }
        throw new IOException("its endpoint '" + endpoint.name() + "' is not published on a port of the host");
    }

    /** Return the host by which a port bound to the address is reached from here. */
    String hostOf(String bindAddress) {
        EngineAddress address = engine.located().address();
        if (address instanceof EngineAddress.Tcp tcp) {
            return tcp.host();
        } else if (address instanceof EngineAddress.Tls tls) {
            return tls.host();
        } else if (address instanceof EngineAddress.Ssh ssh) {
            return ssh.host();
        }
        boolean isAny = bindAddress.isEmpty() || bindAddress.equals(ANY_ADDRESS) || bindAddress.equals("::");
        return isAny ? Endpoint.LOOPBACK : bindAddress;
    }

    /** Tell whether the engine shares this host's network, so that its host ports are ours. */
    boolean isLocal() {
        return engine.located().address() instanceof EngineAddress.Unix;
    }

    private boolean isBridgeHere(String network) {
        return isLocal()
                && engine.networks()
                        .find(network)
                        .map(details -> details.subnets().stream()
                                .map(NetworkDetails.Subnet::gateway)
                                .anyMatch(Reach::isOurs))
                        .orElse(false);
    }

    private static boolean isOurs(String address) {
        try {
            return !address.isEmpty() && NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
        } catch (SocketException | UnknownHostException e) {
            return false;
        }
    }
}
