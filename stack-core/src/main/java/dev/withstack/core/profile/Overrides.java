package dev.withstack.core.profile;

import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.settings.Settings;
import java.util.Optional;

/**
 * What a user may change of any service by a setting: {@code <SERVICE>_PORT}, {@code <SERVICE>_<ENDPOINT>_PORT},
 * {@code <SERVICE>_IMAGE}, {@code <SERVICE>_CPUS}, {@code <SERVICE>_MEMORY} and, of what is made to be several,
 * {@code <SERVICE>_REPLICAS}.
 */
final class Overrides {
    private final Settings settings;

    Overrides(Settings settings) {
        this.settings = settings;
    }

    Service apply(Service service) {
        // what runs elsewhere has its ports, its image and its limits there
        if (service.source() instanceof Source.External) {
            return service;
        }
        // a process of this host has neither image nor limits
        return service.source() instanceof Source.Process ? ports(service) : replicas(limits(image(ports(service))));
    }

    private Service ports(Service service) {
        Service changed = service;
        for (Endpoint endpoint : service.endpoints()) {
            Optional<String> variable = service.portVariables(endpoint).stream()
                    .filter(name ->
                            settings.given(name).filter(Overrides::isPort).isPresent())
                    .findFirst();
            if (variable.isPresent()) {
                int port = settings.number(variable.get(), endpoint.port(), 1, 65535);
                changed = changed.hostPort(endpoint.name(), port);
            }
        }
        return changed;
    }

    /** A value such as tcp://10.0.0.1:6379 is what Docker's old links put there, not a user's choice. */
    static boolean isPort(String value) {
        return !value.contains("://");
    }

    private Service image(Service service) {
        return settings.given(service.variable("IMAGE"))
                .map(reference -> service.source(new Source.Image(reference)))
                .orElse(service);
    }

    private Service replicas(Service service) {
        String variable = service.variable("REPLICAS");
        return service.replicas()
                .filter(replicas -> settings.given(variable).isPresent())
                .map(replicas -> service.replicas(replicas.scaled(settings.number(variable, 1, 1, Replicas.MOST))))
                .orElse(service);
    }

    private Service limits(Service service) {
        String cpus = service.variable("CPUS");
        String memory = service.variable("MEMORY");
        Service changed = service;
        if (settings.given(cpus).isPresent()) {
            changed = changed.limits(changed.limits().cpus(number(cpus)));
        }
        if (settings.given(memory).isPresent()) {
            try {
                changed = changed.limits(changed.limits().memory(settings.text(memory, "")));
            } catch (IllegalArgumentException e) {
                settings.reject(memory, String.valueOf(e.getMessage()), "");
            }
        }
        return changed;
    }

    private double number(String variable) {
        String text = settings.text(variable, "");
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && number < 1024) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        settings.reject(variable, "'" + text + "' is not a number of CPUS such as 0.5 or 2.", "");
        return 1;
    }
}
