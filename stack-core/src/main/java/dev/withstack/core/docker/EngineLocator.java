package dev.withstack.core.docker;

import dev.withstack.core.docker.TlsFiles.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Find the Docker engine to use, the way the {@code docker} command does.
 *
 * <p>An engine that is asked for is taken as it is or refused, and never replaced by another: {@code DOCKER_HOST}, then
 * {@code DOCKER_CONTEXT}, then the current context of Docker's configuration. Only when none is asked for, the first
 * default socket that accepts a connection is taken: the system's, the rootless one, Docker Desktop's, Colima's.
 */
public final class EngineLocator {

    private static final String OTHER_WAYS =
            "Or point DOCKER_HOST to the engine to use (unix://..., tcp://..., ssh://...).";

    private static final Pattern SSH_DESTINATION = Pattern.compile("([\\w.][\\w.-]*@)?[\\w.\\[][\\w.:\\]-]*");

    private final Map<String, String> environment;
    private final Path home;
    private final Path systemSocket;
    private final boolean windows;

    /**
     * Prepare to look.
     *
     * @param environment the variables of the process
     * @param home the home directory of the user, under which {@code .docker} lies
     */
    public EngineLocator(Map<String, String> environment, Path home) {
        this(environment, home, Path.of("/var/run/docker.sock"), System.getProperty("os.name", ""));
    }

    EngineLocator(Map<String, String> environment, Path home, Path systemSocket, String system) {
        this.environment = environment;
        this.home = home;
        this.systemSocket = systemSocket;
        this.windows = system.startsWith("Windows");
    }

    /** Look with the environment and the home directory of this process. */
    public static EngineLocator ofThisProcess() {
        return new EngineLocator(System.getenv(), Path.of(System.getProperty("user.home", "/")));
    }

    /**
     * Find the engine.
     *
     * <p>An engine that is asked for is not contacted here; a default one is, by a connection that is closed at once.
     *
     * @throws EngineUnsupportedException if what is asked for can't be followed: an unknown context, {@code npipe://}
     * @throws EngineUnreachableException if none is asked for and no default socket answers
     */
    public LocatedEngine locate() {
        String host = variable("DOCKER_HOST");
        if (host != null) {
            return new LocatedEngine(address(host, "DOCKER_HOST", tlsOfEnvironment()), "DOCKER_HOST");
        }
        String context = variable("DOCKER_CONTEXT");
        if (context != null) {
            return ofContext(context, "DOCKER_CONTEXT");
        }
        context = currentContext();
        return context == null ? byDefault() : ofContext(context, "currentContext in " + configFile());
    }

    private LocatedEngine ofContext(String name, String source) {
        if (name.equals("default")) {
            return byDefault();
        }
        String reason = "context '" + name + "'";
        String digest = sha256(name);
        Path meta = configDirectory().resolve("contexts/meta").resolve(digest).resolve("meta.json");
        if (!Files.isRegularFile(meta)) {
            throw new EngineUnsupportedException("Docker has no context '" + name + "' (asked for by " + source
                    + "; looked for " + meta + ").\nList them with 'docker context ls', choose one with"
                    + " 'docker context use NAME', or set DOCKER_HOST.");
        }
        JsonObject endpoint = read(meta).object("Endpoints").object("docker");
        String host = endpoint.text("Host");
        if (host.isEmpty()) {
            throw new EngineUnsupportedException("Docker's " + reason + " has no docker endpoint (" + meta
                    + ").\nUse another context: docker context ls");
        }
        return new LocatedEngine(address(host, reason, tlsOfContext(digest, endpoint)), reason);
    }

    private @Nullable TlsFiles tlsOfContext(String digest, JsonObject endpoint) {
        Path directory =
                configDirectory().resolve("contexts/tls").resolve(digest).resolve("docker");
        boolean skip = endpoint.flag("SkipTLSVerify");
        if (!skip && !Files.isDirectory(directory)) {
            return null;
        }
        return TlsFiles.in(directory, skip ? Verification.SKIPPED : Verification.REQUIRED);
    }

    private @Nullable TlsFiles tlsOfEnvironment() {
        String directory = variable("DOCKER_CERT_PATH");
        Path files = directory == null ? configDirectory() : Path.of(directory);
        if (variable("DOCKER_TLS_VERIFY") != null) {
            return TlsFiles.in(files, Verification.REQUIRED);
        }
        return variable("DOCKER_TLS") != null ? TlsFiles.in(files, Verification.SKIPPED) : null;
    }

    private LocatedEngine byDefault() {
        List<LocatedEngine.Tried> tried = new ArrayList<>();
        for (Path socket : defaultSockets()) {
            String problem = Connector.problemWith(socket);
            if (problem == null) {
                return new LocatedEngine(new EngineAddress.Unix(socket), "default socket", tried);
            }
            tried.add(new LocatedEngine.Tried(socket.toString(), problem));
        }
        throw new EngineUnreachableException(tried, adviceFor(tried));
    }

    private List<Path> defaultSockets() {
        List<Path> sockets = new ArrayList<>();
        sockets.add(systemSocket);
        String runtime = variable("XDG_RUNTIME_DIR");
        if (runtime != null) {
            sockets.add(Path.of(runtime, "docker.sock"));
        }
        sockets.add(home.resolve(".docker/run/docker.sock"));
        sockets.add(home.resolve(".colima/default/docker.sock"));
        return sockets;
    }

    private String adviceFor(List<LocatedEngine.Tried> tried) {
        if (windows) {
            return "Docker's named pipe is not supported on Windows: " + Advice.WINDOWS;
        }
        String firstPresent = "no such file";
        for (LocatedEngine.Tried one : tried) {
            if (!one.problem().equals("no such file")) {
                firstPresent = one.problem();
                break;
            }
        }
        return Advice.forSocket(firstPresent) + "\n" + OTHER_WAYS;
    }

    private EngineAddress address(String url, String source, @Nullable TlsFiles tls) {
        int colon = url.indexOf("://");
        String kind = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = colon < 0 ? url : url.substring(colon + 3);
        return switch (kind) {
            case "unix" -> new EngineAddress.Unix(socketPath(rest, url, source));
            case "tcp" -> tcp(rest, url, source, tls);
            case "http" -> tcp(rest, url, source, null);
            case "https" -> tcp(rest, url, source, tls == null ? systemTrust() : tls);
            case "ssh" -> ssh(rest, url, source);
            case "npipe" -> throw unsupported(url, source, "Windows named pipes are not supported: " + Advice.WINDOWS);
            case "fd" ->
                throw unsupported(
                        url,
                        source,
                        "'fd' is for the engine's own configuration only.\n" + "Use unix:///var/run/docker.sock");
            default ->
                throw unsupported(
                        url,
                        source,
                        "it is not an address of a known kind.\n"
                                + "Use unix:///path/to/docker.sock, tcp://host:port or ssh://user@host");
        };
    }

    private TlsFiles systemTrust() {
        return TlsFiles.in(configDirectory(), Verification.REQUIRED);
    }

    private static Path socketPath(String rest, String url, String source) {
        if (!rest.startsWith("/")) {
            throw unsupported(
                    url, source, "the path of a Unix socket must be absolute.\n" + "Use unix:///path/to/docker.sock");
        }
        return Path.of(rest);
    }

    private static EngineAddress tcp(String rest, String url, String source, @Nullable TlsFiles tls) {
        String authority = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', Math.max(bracket, 0));
        String host = colon < 0 ? authority : authority.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = colon < 0 ? (tls == null ? 2375 : 2376) : port(authority.substring(colon + 1));
        if (port < 1 || port > 65535 || authority.indexOf('/') >= 0) {
            throw unsupported(url, source, "it is not of the form tcp://host:port, with a port from 1 to 65535.");
        }
        host = host.isEmpty() ? "127.0.0.1" : host;
        return tls == null ? new EngineAddress.Tcp(host, port) : new EngineAddress.Tls(host, port, tls);
    }

    private static EngineAddress ssh(String rest, String url, String source) {
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path =
                slash < 0 || slash == rest.length() - 1 ? EngineAddress.Ssh.DEFAULT_SOCKET : rest.substring(slash);
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        String destination = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 ? 0 : port(authority.substring(colon + 1));
        // a destination that begins so would be an option to ssh, and a password stands in no URL
        if (!SSH_DESTINATION.matcher(destination).matches() || port < 0 || port > 65535) {
            throw unsupported(url, source, "it is not of the form ssh://user@host:port, without a password.");
        }
        return new EngineAddress.Ssh(destination, port, path);
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static EngineUnsupportedException unsupported(String url, String source, String why) {
        return new EngineUnsupportedException("Can't use the Docker engine '" + url + "' (" + source + "): " + why);
    }

    private @Nullable String currentContext() {
        Path file = configFile();
        if (!Files.isRegularFile(file)) {
            return null;
        }
        String context = read(file).text("currentContext");
        return context.isEmpty() ? null : context;
    }

    private Path configFile() {
        return configDirectory().resolve("config.json");
    }

    private Path configDirectory() {
        String directory = variable("DOCKER_CONFIG");
        return directory == null ? home.resolve(".docker") : Path.of(directory);
    }

    private static JsonObject read(Path file) {
        try {
            return Json.object(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new EngineUnsupportedException(
                    "Can't tell which Docker engine is asked for: " + file + " can't be read (" + e.getMessage()
                            + ").\nMend that file, or set DOCKER_HOST.",
                    e);
        }
    }

    private @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder();
            for (byte one : digest) {
                hex.append(Character.forDigit((one >> 4) & 0xf, 16)).append(Character.forDigit(one & 0xf, 16));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
