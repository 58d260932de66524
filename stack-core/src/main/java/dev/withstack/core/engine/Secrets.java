package dev.withstack.core.engine;

import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Masks a definition's secrets in what its services and probes say.
 *
 * <p>A secret that the definition says openly too, as a development password that is the user's name, is none: masking
 * it would make holes in ordinary words. So would masking one of less than six characters.
 */
final class Secrets {
    private static final String MASK = "***";
    private static final int SHORTEST = 6;

    private final List<String> masked;

    Secrets(StackDefinition definition) {
        Set<String> secrets = new LinkedHashSet<>();
        StringBuilder open = new StringBuilder(definition.id().toString());
        for (Service service : definition.servicesWithBase().values()) {
            open.append('\n').append(service.name()).append('\n').append(service.source());
            valuesOf(service)
                    .forEach(value -> value.visit(part -> {
                        if (part instanceof Value.Secret secret) {
                            secrets.add(secret.text());
                        } else if (part instanceof Value.Text text) {
                            open.append('\n').append(text.text());
                        }
                    }));
        }
        secrets.removeIf(secret -> secret.length() < SHORTEST || open.indexOf(secret) >= 0);
        this.masked = new ArrayList<>(secrets);
        // a secret that contains another one is masked whole
        masked.sort(Comparator.comparing(String::length).reversed());
    }

    private static List<Value> valuesOf(Service service) {
        List<Value> values = new ArrayList<>(service.values().values());
        service.probe().ifPresent(probe -> {
            if (probe instanceof Probe.PostgresLogin login) {
                values.add(login.user());
                values.add(login.password());
            } else if (probe instanceof Probe.RedisPing ping) {
                ping.password().ifPresent(values::add);
            }
        });
        return values;
    }

    /** Return the text with every secret masked. */
    String mask(String text) {
        String result = text;
        for (String secret : masked) {
            result = result.replace(secret, MASK);
        }
        return result;
    }

    List<String> mask(List<String> lines) {
        return lines.stream().map(this::mask).toList();
    }
}
