package dev.withstack.core.profile;

import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Origin;
import dev.withstack.core.settings.Setting;
import dev.withstack.core.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A service's URL as a setting: where it names another host, the service is not started here but used from there.
 */
public final class Elsewhere {
    private static final Set<String> THIS_HOST = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private final Settings settings;
    private final Set<String> itself;

    public Elsewhere(Settings settings) {
        this(settings, Set.of());
    }

    private Elsewhere(Settings settings, Set<String> itself) {
        this.settings = settings;
        this.itself = itself;
    }

    /** Return the same for a stack whose services are used from this host: an address of this host is the service itself. */
    public Elsewhere seenFromHost() {
        return new Elsewhere(settings, THIS_HOST);
    }

    /** Return the service as an external one if the setting's URL names another host; otherwise as it is. */
    public <S extends Declared<S>> S apply(String setting, S declared) {
        Optional<HostAndPort> elsewhere =
                address(setting, declared).filter(address -> !isItself(address.host(), declared.name()));
        elsewhere.ifPresent(address -> checkIsOwn(setting));
        return elsewhere.map(address -> declared.external(address)).orElse(declared);
    }

    /** A laptop may use what all environments are given: it is the release that refuses to. */
    private void checkIsOwn(String setting) {
        Environment environment = settings.environment();
        for (Environment other : Environment.values()) {
            Optional<Setting> others = settings.ofOther(other, setting)
                    .filter(found -> environment.isRelease() || !found.origin().isSharedFile())
                    .filter(found -> place(found.value()).equals(place(settings.text(setting, ""))));
            if (others.isPresent()) {
                Origin origin = others.get().origin();
                String why = origin.isSharedFile()
                        ? "stands in the file that all environments read"
                        : "leads to the same place as in " + origin;
                settings.reject(
                        setting,
                        why + ", so " + environment.id() + " would work on the data of " + other.id() + ".",
                        "Set it in " + Origin.fileOf(environment) + ".");
                return;
            }
        }
    }

    /** Return where a URL leads, whoever logs in there. */
    private static Optional<String> place(String url) {
        try {
            URI uri = new URI(url.strip());
            return Optional.of(uri.getHost() + ":" + uri.getPort() + uri.getPath());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Return what dependants are given: the setting as it stands, or the URL of the service where it is not set. */
    public Value url(String setting, Value ofTheService) {
        return settings.url(setting)
                .filter(url -> own(setting).equals(OwnUrl.NONE))
                .map(Value::secret)
                .orElse(ofTheService);
    }

    private boolean isItself(String host, String name) {
        return host.equals(name) || itself.contains(host);
    }

    /** What a URL that names the service itself says of it. */
    public record OwnUrl(
            Optional<String> scheme,
            Optional<String> user,
            Optional<String> password,
            Optional<Integer> port,
            Optional<String> path) {
        private static final OwnUrl NONE =
                new OwnUrl(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Return what the setting's URL says where it names this host, and nothing otherwise. */
    public OwnUrl own(String setting) {
        Optional<URI> uri = settings.url(setting)
                .flatMap(Elsewhere::parsed)
                .filter(found -> found.getHost() != null && itself.contains(found.getHost()));
        if (uri.isEmpty()) {
            return OwnUrl.NONE;
        }
        String[] credentials =
                Optional.ofNullable(uri.get().getRawUserInfo()).orElse("").split(":", 2);
        String path = Optional.ofNullable(uri.get().getPath()).orElse("");
        return new OwnUrl(
                Optional.ofNullable(uri.get().getScheme()),
                decoded(credentials[0]),
                credentials.length < 2 ? Optional.empty() : decoded(credentials[1]),
                Optional.of(uri.get().getPort()).filter(port -> port > 0 && port <= 65535),
                Optional.of(path.replaceFirst("^/", "")).filter(text -> !text.isEmpty()));
    }

    private static Optional<String> decoded(String text) {
        return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8))
                .filter(word -> !word.isEmpty());
    }

    private static Optional<URI> parsed(String url) {
        try {
            return Optional.of(new URI(url));
        } catch (URISyntaxException e) {
            // reported by whoever asks for its address
            return Optional.empty();
        }
    }

    private Optional<HostAndPort> address(String setting, Declared<?> declared) {
        Optional<String> url = settings.url(setting);
        if (url.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(url.get());
            if (uri.getHost() != null) {
                return Optional.of(new HostAndPort(uri.getHost(), port(setting, uri, declared)));
            }
        } catch (URISyntaxException e) {
            // reported below; the URL itself is not repeated, as it may hold a password
        }
        settings.reject(setting, "is not a URL with a host.", "Write it as scheme://user:password@host:port/path.");
        return Optional.empty();
    }

    private int port(String setting, URI uri, Declared<?> declared) {
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            settings.reject(setting, "has the port " + uri.getPort() + ", which is not between 1 and 65535.", "");
        }
        return uri.getPort() < 0 ? declared.service().endpoint("").port() : uri.getPort();
    }
}
