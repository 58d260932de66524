package dev.withstack.core.compose;

import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.InvalidDefinitionException;
import dev.withstack.core.model.Replicas;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.model.Value;
import dev.withstack.core.settings.DotEnv;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one service of a Compose file. Used once, by one thread. */
final class ServiceReading {
    private final Part part;
    private final Whole whole;
    private final Findings findings;

    ServiceReading(Part part, Whole whole) {
        this.part = part;
        this.whole = whole;
        this.findings = whole.findings();
    }

    /**
     * Return the service.
     *
     * @param runsOnce the services that others wait for to be completed
     * @param profiles that are asked for
     */
    Service service(Set<String> runsOnce, Set<String> profiles) {
        Vocabulary.SERVICE.check(part, findings);
        Map<String, String> environment = environment();
        List<String> command = part.words("command").orElse(List.of());
        boolean isSeveral = number() > 1;
        Service service = new Sources(part, whole, isSeveral)
                .service(environment, command)
                .command(command.toArray(String[]::new));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            service = service.env(variable.getKey(), value(variable.getKey(), variable.getValue()));
        }
        service = names(service).restart(restart()).limits(new Resources(part, findings).limits());
        service = stop(hardening(new Logging(part, findings).of(service)));
        service = new SetupReading(part, findings).of(service);
        service = new Mounts(part, whole).of(service);
        if (isSeveral) {
            service = several(service);
        } else if (!HostReading.isElsewhere(part)) {
            service = new Ports(part, findings).of(service);
        }
        service = new HostReading(part, whole).of(service);
        service = new Edges(part, whole).of(new Health(part, findings).of(service));
        if (runsOnce.contains(part.name())) {
            service = service.runsOnce();
        }
        boolean isAsked = profiles().isEmpty()
                || profiles.contains("*")
                || profiles().stream().anyMatch(profiles::contains);
        return isAsked && number() > 0 ? service : service.onRequest();
    }

    private List<String> profiles() {
        return part.has("profiles") ? part.texts("profiles") : List.of();
    }

    /** Later files win over earlier ones, and what the service says itself over all of them. */
    private Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Part file : part.has("env_file") ? part.list("env_file") : List.<Part>of()) {
            environment.putAll(environmentFile(file));
        }
        part.mapping("environment").forEach((name, value) -> {
            Optional<String> found = value.or(() -> whole.variable(name));
            found.ifPresent(text -> environment.put(name, text));
        });
        return environment;
    }

    private Map<String, String> environmentFile(Part file) {
        String path = file.text("path").orElse("");
        Path there = whole.project().resolve(path);
        boolean isOptional = file.has("required") && !file.flag("required");
        if (!Files.isRegularFile(there)) {
            if (!isOptional) {
                findings.error(
                        file.place(), "the file '" + path + "' is not there.", "Create it, or say 'required: false'.");
            }
            return Map.of();
        }
        try {
            return DotEnv.values(there, whole::variable);
        } catch (InvalidDefinitionException e) {
            findings.errors(e.problems());
            return Map.of();
        }
    }

    private Value value(String name, String text) {
        return Variables.isSecret(name) ? Value.secret(text) : whole.value(text);
    }

    /** It is found by the name that the file gives it, and by its aliases, on all of its networks. */
    private Service names(Service service) {
        Service named = service.name().equals(part.name()) ? service : service.alias(part.name());
        Optional<String> container = part.text("container_name").filter(name -> !name.equals(part.name()));
        if (container.isPresent()) {
            named = named.alias(container.get());
        }
        for (Part network : memberships().values()) {
            Vocabulary.MEMBERSHIP.check(network, findings);
            for (String alias : network.has("aliases") ? network.texts("aliases") : List.<String>of()) {
                named = named.alias(alias);
            }
        }
        return named;
    }

    private Map<String, Part> memberships() {
        return part.parts("networks");
    }

    private RestartPolicy restart() {
        Optional<Part> deployed = part.part("deploy").flatMap(deploy -> deploy.part("restart_policy"));
        if (deployed.isPresent()) {
            Vocabulary.RESTART_POLICY.check(deployed.get(), findings);
            return switch (deployed.get().text("condition").orElse("any")) {
                case "none" -> RestartPolicy.NEVER;
                case "on-failure" -> RestartPolicy.ON_FAILURE;
                default -> RestartPolicy.UNLESS_STOPPED;
            };
        }
        String restart = part.text("restart").orElse("no");
        return switch (restart.replaceFirst(":[0-9]+$", "")) {
            case "no", "false", "" -> RestartPolicy.NEVER;
            case "always", "unless-stopped" -> RestartPolicy.UNLESS_STOPPED;
            case "on-failure" -> {
                if (restart.contains(":")) {
                    findings.warning(
                            part.place("restart"), "the number of tries has no effect: the engine tries on.", "");
                }
                yield RestartPolicy.ON_FAILURE;
            }
            default -> {
                findings.error(
                        part.place("restart"),
                        "'" + restart + "' is no restart policy.",
                        "Write no, on-failure, always or unless-stopped, in quotes if it is no.");
                yield RestartPolicy.NEVER;
            }
        };
    }

    private Service hardening(Service service) {
        Hardening hardening = service.hardening();
        hardening = part.text("user").map(hardening::user).orElse(hardening);
        if (part.flag("read_only")) {
            hardening = hardening.readOnlyRoot();
        }
        for (String name : part.has("cap_drop") ? part.texts("cap_drop") : List.<String>of()) {
            hardening = name.equalsIgnoreCase("all") ? hardening.dropAllCapabilities() : hardening.dropCapability(name);
        }
        for (String name : part.has("cap_add") ? part.texts("cap_add") : List.<String>of()) {
            hardening = hardening.addCapability(name);
        }
        for (String option : part.has("security_opt") ? part.texts("security_opt") : List.<String>of()) {
            if (option.matches("no-new-privileges([:=]true)?")) {
                hardening = hardening.noNewPrivileges();
            }
        }
        return service.hardening(hardening);
    }

    private Service stop(Service service) {
        StopPolicy usual = service.stopPolicy();
        return service.stopPolicy(new StopPolicy(
                part.text("stop_signal").orElse(usual.signal()),
                part.duration("stop_grace_period").orElse(usual.grace())));
    }

    /** Return how many there are of it; none is one that is not started with the stack. */
    private int number() {
        Optional<Part> deploy = part.part("deploy");
        deploy.ifPresent(one -> Vocabulary.DEPLOY.check(one, findings));
        return part.number("scale", 0, Replicas.MOST)
                .or(() -> deploy.flatMap(one -> one.number("replicas", 0, Replicas.MOST)))
                .orElse(1);
    }

    /** Whoever asks for the name is given the one or the other, as Compose does. */
    private Service several(Service service) {
        if (part.has("ports")) {
            findings.error(
                    part.place("ports"),
                    "'" + part.name() + "' has " + number()
                            + " replicas, and ports of the host that one of them would hold.",
                    "Take 'ports' away and put a server in front of them, or run one.");
        }
        return service.alias(part.name()).replicas(number());
    }
}
