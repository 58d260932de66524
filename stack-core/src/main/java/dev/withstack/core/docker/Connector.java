package dev.withstack.core.docker;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Open wires to an engine, and say in plain words why one can't be opened. Safe for use by several threads. */
final class Connector implements AutoCloseable {

    private final LocatedEngine engine;
    private final int timeoutMillis;
    private @Nullable SshTunnel tunnel;

    Connector(LocatedEngine engine, int timeoutMillis) {
        this.engine = engine;
        this.timeoutMillis = timeoutMillis;
    }

    Wire connect() throws IOException {
        try {
            if (engine.address() instanceof EngineAddress.Unix unix) {
                return UnixWire.connect(unix.socket());
            }
            if (engine.address() instanceof EngineAddress.Ssh ssh) {
                return UnixWire.connect(through(ssh));
            }
            return overTcp();
        } catch (UnsupportedOperationException noUnixSockets) {
            throw new EngineUnsupportedException(
                    "Can't use the Docker engine at " + engine
                            + ": this system has no Unix sockets.\nSet DOCKER_HOST=tcp://host:port.",
                    noUnixSockets);
        }
    }

    /** Return the near end of the tunnel, which is opened with the first connection, and again when it broke. */
    private synchronized Path through(EngineAddress.Ssh address) throws IOException {
        if (tunnel == null || !tunnel.isOpen()) {
            close();
            tunnel = SshTunnel.open(address);
        }
        return tunnel.socket();
    }

    @Override
    public synchronized void close() {
        if (tunnel != null) {
            tunnel.close();
            tunnel = null;
        }
    }

    private Wire overTcp() throws IOException {
        if (engine.address() instanceof EngineAddress.Tls tls) {
            try {
                return SocketWire.connect(tls, timeoutMillis);
            } catch (GeneralSecurityException e) {
                throw new EngineUnsupportedException(
                        "Can't use the certificates for the Docker engine at " + engine + ": " + e.getMessage() + ".\n"
                                + Advice.forPort(tls),
                        e);
            }
        }
        return SocketWire.connect((EngineAddress.Tcp) engine.address(), timeoutMillis);
    }

    /** Return why the failed connection failed, with what to do. */
    EngineUnreachableException unreachable(IOException e) {
        String problem = wording(e, timeoutMillis);
        String advice;
        if (engine.address() instanceof EngineAddress.Tls tls) {
            advice = Advice.forPort(tls);
        } else if (engine.address() instanceof EngineAddress.Tcp tcp) {
            advice = Advice.forPort(tcp);
        } else if (engine.address() instanceof EngineAddress.Ssh ssh) {
            advice = Advice.forSsh(ssh);
        } else {
            advice = Advice.forSocket(problem);
        }
        return new EngineUnreachableException(engine, problem, advice, e);
    }

    /** Return why the socket takes no connection; null if it takes one. */
    static @Nullable String problemWith(Path socket) {
        try {
            UnixWire.probe(socket);
            return null;
        } catch (IOException e) {
            return wording(e, 0);
        } catch (UnsupportedOperationException noUnixSockets) {
            return "this system has no Unix sockets";
        }
    }

    private static String wording(IOException e, int timeoutMillis) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String text = message.toLowerCase(Locale.ROOT);
        if (e instanceof UnknownHostException) {
            return "no such host '" + message + "'";
        }
        if (e instanceof SocketTimeoutException) {
            return "no connection within " + timeoutMillis + " ms";
        }
        if (text.contains("no such file")) {
            return "no such file";
        }
        if (text.contains("permission denied")) {
            return "permission denied";
        }
        return text.contains("connection refused") ? "connection refused" : message;
    }
}
