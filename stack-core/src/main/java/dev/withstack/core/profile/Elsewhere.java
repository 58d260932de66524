package dev.withstack.core.profile;

import dev.withstack.core.model.Declared;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * A service's URL as a setting: where it names another host, the service is not started here but used from there.
 */
public final class Elsewhere {
    private final Settings settings;

    public Elsewhere(Settings settings) {
        this.settings = settings;
    }

    /** Return the service as an external one if the setting's URL names another host; otherwise as it is. */
    public <S extends Declared<S>> S apply(String setting, S declared) {
        Optional<HostAndPort> elsewhere =
                address(setting, declared).filter(address -> !address.host().equals(declared.name()));
        if (elsewhere.isPresent() && settings.environment().isRelease() && settings.isSharedByEnvironments(setting)) {
            String own = ".env." + settings.environment().id();
            settings.reject(
                    setting,
                    "stands in the file that all environments read, so "
                            + settings.environment().id() + " would work on the data of dev.",
                    "Set it in " + own + ".");
        }
        return elsewhere.map(address -> declared.external(address)).orElse(declared);
    }

    /** Return what dependants are given: the setting as it stands, or the URL of the service where it is not set. */
    public Value url(String setting, Value ofTheService) {
        return settings.url(setting).map(Value::secret).orElse(ofTheService);
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
