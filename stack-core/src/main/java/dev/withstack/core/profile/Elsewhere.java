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
