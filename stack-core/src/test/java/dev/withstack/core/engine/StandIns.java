package dev.withstack.core.engine;

import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives the services of a public Compose file images that are here. The official servers of PostgreSQL, Redis and nginx
 * stay what they are; each application becomes one small program ({@code src/test/stand-in}) that answers on its ports, or
 * ends well where it is a job. All else of the file stays: names, edges, health checks, networks, variables, limits, ports.
 *
 * @param image of the stand-in
 * @param project where the file's own directories are
 */
record StandIns(String image, Path project) {
    private static final Pattern PORT = Pattern.compile("(?::|/dev/tcp/[^/]+/)([0-9]{2,5})");
    private static final Predicate<String> REAL =
            Pattern.compile("(docker\\.io/)?(redis|postgres|nginx)(:.*)?").asMatchPredicate();

    StackDefinition in(StackDefinition definition) {
        return definition.map(this::instead);
    }

    private Service instead(Service service) {
        if (service.source() instanceof Source.Image real && REAL.test(real.reference())) {
            return service.source(new Source.Image(offline(real.reference())));
        }
        if (service.source() instanceof Source.Build build && isThere(build.directory() + "/" + build.dockerfile())) {
            return withPorts(service.setup(service.setup().entryPoint(List.of("stand-in"))));
        }
        return withPorts(service.source(new Source.Image(image))
                .setup(service.setup().entryPoint(List.of("stand-in")))
                .hardening(asRoot(service.hardening()))
                .files(thoseThere(service)));
    }

    private static String offline(String reference) {
        if (reference.contains("postgres")) {
            return TrialImages.local("postgres:16-alpine");
        }
        return TrialImages.local(reference.contains("redis") ? "redis:7-alpine" : "nginx:1.27-alpine");
    }

    private Service withPorts(Service service) {
        Set<String> ports = new LinkedHashSet<>();
        service.endpoints().forEach(endpoint -> ports.add(Integer.toString(endpoint.port())));
        service.containerCheck().ifPresent(check -> {
            Matcher port = PORT.matcher(String.join(" ", check.command()));
            while (port.find()) {
                ports.add(port.group(1));
            }
        });
        Service named =
                service.env("STAND_IN_NAME", service.declaredName()).env("STAND_IN_PORTS", String.join(",", ports));
        return service.isOneShot() ? named.env("STAND_IN_JOB", "yes") : named;
    }

    /** A user of the application's own image is nobody here. */
    private static Hardening asRoot(Hardening hardening) {
        return hardening.user("");
    }

    private List<FileMount> thoseThere(Service service) {
        List<FileMount> there = new ArrayList<>();
        for (FileMount file : service.files()) {
            boolean isAbsent = file instanceof FileMount.Bound bound && !isThere(bound.source());
            if (!isAbsent) {
                there.add(file);
            }
        }
        return there;
    }

    private boolean isThere(String path) {
        return Files.exists(project.resolve(path));
    }
}
