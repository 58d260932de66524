package dev.withstack.core.compose;

import static dev.withstack.core.compose.JavaText.quoted;
import static dev.withstack.core.compose.JavaText.string;
import static dev.withstack.core.compose.ProfileSource.value;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Shell;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.model.Tier;
import dev.withstack.core.model.VolumeMount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes one service as the Java expression that declares it. Used once. */
final class ServiceSource {
    private final Service service;
    private final Service marked;
    private final StringBuilder text = new StringBuilder();

    /** @param marked the same service, with marks in its texts in place of what variables hold */
    ServiceSource(Service service, Service marked) {
        this.service = service;
        this.marked = marked;
    }

    String text() {
        source();
        if (service.tier() == Tier.APPLICATION) {
            call("tier", "Tier.APPLICATION");
        }
        if (!service.command().isEmpty()) {
            call("command", strings(JavaText.agreeing(service.command(), marked.command())));
        }
        service.environment()
                .forEach((name, value) ->
                        call("env", quoted(name), value(marked.environment().getOrDefault(name, value))));
        service.endpoints().forEach(this::endpoint);
        service.pages().forEach((endpoint, path) -> call("page", quoted(endpoint), quoted(path)));
        service.aliases().forEach(alias -> call("alias", quoted(alias)));
        if (!service.networks().isEmpty()) {
            call("networks", strings(List.copyOf(service.networks())));
        }
        service.volumes().forEach(this::volume);
        service.files().forEach(this::file);
        service.dependencies().forEach(this::dependency);
        readiness();
        running();
        limits(service.limits());
        data();
        service.replicas().ifPresent(replicas -> call("replicas", Integer.toString(replicas.number())));
        if (service.starts() == Service.Starts.ON_REQUEST) {
            call("onRequest");
        }
        return text.toString();
    }

    private void call(String method, String... arguments) {
        text.append("\n                .")
                .append(method)
                .append('(')
                .append(String.join(", ", arguments))
                .append(')');
    }

    private static String strings(List<String> words) {
        return words.stream().map(JavaText::string).collect(Collectors.joining(", "));
    }

    private static String list(List<String> words) {
        return "List.of(" + strings(words) + ")";
    }

    private static String duration(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? "Duration.ofSeconds(" + duration.toSeconds() + ")"
                : "Duration.ofMillis(" + duration.toMillis() + ")";
    }

    private void source() {
        if (marked.source() instanceof Source.Build build) {
            text.append("Service.image(").append(quoted(service.name())).append(", \"built\")");
            call(
                    "source",
                    "new Source.Build(" + string(build.directory()) + ", " + string(build.dockerfile()) + ", "
                            + string(build.target()) + ", " + JavaText.ordered(build.arguments()) + ", "
                            + string(build.imageName()) + ")"
                            + (build.inline().isEmpty() ? "" : ".inline(" + string(build.inline()) + ")"));
        } else if (marked.source() instanceof Source.Image image) {
            text.append("Service.image(")
                    .append(quoted(service.name()))
                    .append(", ")
                    .append(string(image.reference()))
                    .append(')');
        }
    }

    private void endpoint(Endpoint endpoint) {
        String name = quoted(endpoint.name());
        call("port", name, Integer.toString(endpoint.port()));
        if (endpoint.publication() instanceof Endpoint.Fixed fixed) {
            boolean isLoopback = fixed.bindAddress().equals(Endpoint.LOOPBACK);
            String port = Integer.toString(fixed.hostPort());
            if (isLoopback) {
                call("hostPort", name, port);
            } else {
                call("published", name, "new Endpoint.Fixed(" + quoted(fixed.bindAddress()) + ", " + port + ")");
            }
        } else if (endpoint.publication() instanceof Endpoint.AnyFree free) {
            call("published", name, "new Endpoint.AnyFree(" + quoted(free.bindAddress()) + ")");
        }
    }

    private void volume(VolumeMount volume) {
        String mount = "new VolumeMount(" + quoted(volume.volume()) + ", " + quoted(volume.path())
                + ", VolumeMount.Naming." + volume.naming() + ")";
        String made =
                volume.driver().equals(VolumeMount.Driver.USUAL) ? mount : mount + ".madeBy(" + driver(volume) + ")";
        call("volume", volume.isReadOnly() ? made + ".readOnly()" : made);
    }

    private static String driver(VolumeMount volume) {
        return "new VolumeMount.Driver(" + quoted(volume.driver().name()) + ", "
                + JavaText.ordered(volume.driver().options()) + ")";
    }

    private void file(FileMount file) {
        String path = quoted(file.path());
        if (file instanceof FileMount.Bound bound) {
            String method =
                    switch (bound.access()) {
                        case READ_WRITE -> "bind";
                        case READ_ONLY -> "bindReadOnly";
                        case OUTPUT -> "bindOutput";
                    };
            call(method, quoted(bound.source()), path);
        } else if (file instanceof FileMount.FromProject own) {
            call("copy", quoted(own.source()), path);
        } else if (file instanceof FileMount.Generated generated) {
            FileMount.Generated written = marked.files().stream()
                    .filter(one -> one.path().equals(file.path()))
                    .map(FileMount.Generated.class::cast)
                    .findFirst()
                    .orElse(generated);
            call("file", path, value(written.content("")));
        }
    }

    private void dependency(Dependency dependency) {
        String edge =
                "new Dependency(" + quoted(dependency.on()) + ", Dependency.Condition." + dependency.condition() + ")";
        String needed = dependency.need() == Dependency.Need.OPTIONAL ? "Dependency.optional(" + edge + ")" : edge;
        boolean isTogether = dependency.restart() == Dependency.Restart.TOGETHER;
        call("needs", isTogether ? "Dependency.together(" + needed + ")" : needed);
    }

    private void readiness() {
        Optional<Probe> probed = isSameKind() ? marked.probe() : service.probe();
        probed.map(ServiceSource::probe).filter(probe -> !probe.isEmpty()).ifPresent(probe -> call("probe", probe));
        if (!service.patience().equals(Probe.PATIENCE)) {
            call("patience", duration(service.patience()));
        }
        call("usualBoot", duration(service.usualBoot()));
        service.containerCheck().ifPresent(check -> call("containerCheck", check(check, marked)));
        if (service.isOneShot()) {
            call("runsOnce");
        }
    }

    /** A port that is a variable is no port while it is a mark, and a service without one has another probe. */
    private boolean isSameKind() {
        Optional<Class<?>> own = service.probe().map(Object::getClass);
        Optional<Class<?>> other = marked.probe().map(Object::getClass);
        return own.equals(other)
                && service.probe()
                        .map(probe -> !(probe instanceof Probe.Inferred || probe instanceof Probe.Command))
                        .orElse(false);
    }

    private static String probe(Probe probe) {
        if (probe instanceof Probe.Http http) {
            return "Probe.http(" + quoted(http.path()) + ").on(" + quoted(http.endpoint()) + ")";
        } else if (probe instanceof Probe.Tcp tcp) {
            return "new Probe.Tcp(" + quoted(tcp.endpoint()) + ")";
        } else if (probe instanceof Probe.Inferred inferred) {
            return "new Probe.Inferred(" + quoted(inferred.endpoint()) + ")";
        } else if (probe instanceof Probe.OfImage check) {
            return "new Probe.OfImage(Probe.OfImage.Otherwise." + check.otherwise() + ")";
        } else if (probe instanceof Probe.PostgresLogin login) {
            return "new Probe.PostgresLogin(" + quoted(login.endpoint()) + ", " + value(login.user()) + ", "
                    + value(login.password()) + ", " + string(login.database()) + ")";
        } else if (probe instanceof Probe.RedisPing ping) {
            String password = ping.password()
                    .map(secret -> "Optional.of(" + value(secret) + ")")
                    .orElse("Optional.empty()");
            return "new Probe.RedisPing(" + quoted(ping.endpoint()) + ", " + password + ")";
        } else if (probe instanceof Probe.Command command) {
            return "Probe.command(" + strings(command.command()) + ")";
        }
        return "";
    }

    private static String check(ContainerCheck check, Service marked) {
        List<String> command = marked.containerCheck()
                .map(other -> JavaText.agreeing(check.command(), other.command()))
                .orElse(check.command());
        return "new ContainerCheck(" + list(command) + ", " + duration(check.interval()) + ", "
                + duration(check.timeout()) + ", " + check.retries() + ", " + duration(check.startPeriod()) + ")";
    }

    private void running() {
        if (!service.isOneShot()) {
            call("restart", "RestartPolicy." + service.restartPolicy());
        } else if (service.restartPolicy() != RestartPolicy.NEVER) {
            call("restart", "RestartPolicy." + service.restartPolicy());
        }
        StopPolicy stop = service.stopPolicy();
        if (!stop.equals(StopPolicy.DEFAULT)) {
            call("stopPolicy", "new StopPolicy(" + quoted(stop.signal()) + ", " + duration(stop.grace()) + ")");
        }
        hardening(service.hardening());
        String setup = new SetupSource(service.setup(), marked.setup()).text();
        if (!setup.isEmpty()) {
            call("setup", setup);
        }
        service.logRotation()
                .ifPresent(
                        rotation -> call("logRotation", quoted(rotation.size()), Integer.toString(rotation.files())));
    }

    private void hardening(Hardening hardening) {
        StringBuilder written = new StringBuilder("Hardening.NONE");
        if (!hardening.user().isEmpty()) {
            written.append(".user(").append(quoted(hardening.user())).append(')');
        }
        written.append(hardening.root() == Hardening.Root.READ_ONLY ? ".readOnlyRoot()" : "");
        hardening
                .tmpfs()
                .forEach(path -> written.append(".tmpfs(").append(quoted(path)).append(')'));
        hardening.dropped().forEach(name -> written.append(".dropCapability(")
                .append(quoted(name))
                .append(')'));
        hardening.added().forEach(name -> written.append(".addCapability(")
                .append(quoted(name))
                .append(')'));
        written.append(hardening.privileges() == Hardening.Privileges.FIXED ? ".noNewPrivileges()" : "");
        if (!hardening.equals(Hardening.NONE)) {
            call("hardening", written.toString());
        }
    }

    private void limits(Limits limits) {
        StringBuilder written = new StringBuilder("Limits.NONE");
        limits.cpus().ifPresent(cpus -> written.append(".cpus(").append(cpus).append(')'));
        limits.memoryBytes()
                .ifPresent(bytes -> written.append(".memory(\"").append(bytes).append("\")"));
        limits.reservedCpus()
                .ifPresent(cpus -> written.append(".reservedCpus(").append(cpus).append(')'));
        limits.reservedMemoryBytes()
                .ifPresent(bytes ->
                        written.append(".reservedMemory(\"").append(bytes).append("\")"));
        limits.pids().ifPresent(pids -> written.append(".pids(").append(pids).append(')'));
        if (!limits.equals(Limits.NONE)) {
            call("limits", written.toString());
        }
    }

    private void data() {
        service.family().ifPresent(family -> call("family", quoted(family)));
        marked.data().ifPresent(data -> call("holds", data(data)));
        marked.shell().ifPresent(shell -> call("shell", shell(shell)));
    }

    private static String data(Data data) {
        if (data instanceof Data.Postgres postgres) {
            return "new Data.Postgres(" + value(postgres.user()) + ", " + value(postgres.password()) + ", "
                    + value(postgres.database()) + ")";
        } else if (data instanceof Data.Objects objects) {
            return "new Data.Objects(" + value(objects.accessKey()) + ", " + value(objects.secretKey()) + ")";
        }
        return data instanceof Data.Redis ? "new Data.Redis()" : "new Data.Vectors()";
    }

    private static String shell(Shell shell) {
        List<String> variables = new ArrayList<>();
        shell.environment().forEach((name, value) -> {
            variables.add(quoted(name));
            variables.add(value(value));
        });
        return "new Shell(" + quoted(shell.alias()) + ", " + list(shell.command()) + ", Map.of("
                + String.join(", ", variables) + "))";
    }
}
