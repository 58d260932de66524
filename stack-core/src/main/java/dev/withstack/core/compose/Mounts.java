package dev.withstack.core.compose;

import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service finds in its file system besides its image: volumes, files of the host, secrets, configs. */
final class Mounts {
    private static final String SECRETS = "/run/secrets/";

    private final Part part;
    private final Whole whole;
    private final Findings findings;

    /** @param part the service */
    Mounts(Part part, Whole whole) {
        this.part = part;
        this.whole = whole;
        this.findings = whole.findings();
    }

    Service of(Service service) {
        Service changed = service;
        for (Part mount : list("volumes")) {
            Vocabulary.MOUNT.check(mount, findings);
            changed = mounted(mount, changed);
        }
        for (Part given : list("secrets")) {
            changed = given(given, "secrets", whole.secrets(), changed);
        }
        for (Part given : list("configs")) {
            changed = given(given, "configs", whole.configs(), changed);
        }
        for (String path : part.has("tmpfs") ? part.texts("tmpfs") : List.<String>of()) {
            changed = tmpfs(path, changed);
        }
        return changed;
    }

    private List<Part> list(String key) {
        return part.has(key) ? part.list(key) : List.of();
    }

    private Service tmpfs(String text, Service service) {
        int options = text.indexOf(':');
        if (options >= 0) {
            findings.warning(
                    part.place("tmpfs"),
                    "'" + text.substring(options + 1) + "' has no effect: a tmpfs may be as large as memory.",
                    "");
        }
        String path = options < 0 ? text : text.substring(0, options);
        return service.hardening(service.hardening().tmpfs(path));
    }

    private Service mounted(Part mount, Service service) {
        Optional<String> target = mount.text("target").map(Mounts::withoutEnd);
        if (target.isEmpty()) {
            return service;
        }
        if (!target.get().startsWith("/")) {
            findings.error(
                    mount.place(),
                    "'" + target.get() + "' is no absolute path of the container.",
                    "Begin it with a slash.");
            return service;
        }
        mount.part("bind").ifPresent(bind -> Vocabulary.BIND.check(bind, findings));
        mount.part("volume").ifPresent(volume -> Vocabulary.OF_VOLUME.check(volume, findings));
        mount.part("tmpfs").ifPresent(tmpfs -> Vocabulary.OF_TMPFS.check(tmpfs, findings));
        String source = mount.text("source").orElse("");
        return switch (mount.text("type").orElse("volume")) {
            case "volume" -> volume(mount, source, target.get(), service);
            case "bind" -> bind(mount, source, target.get(), service);
            case "tmpfs" -> service.hardening(service.hardening().tmpfs(target.get()));
            default -> {
                findings.error(mount.place("type"), "a mount is a volume, a bind or a tmpfs.", "");
                yield service;
            }
        };
    }

    private static String withoutEnd(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** A volume without a name is one of the service's own. */
    private Service volume(Part mount, String source, String path, Service service) {
        VolumeMount volume = source.isEmpty()
                ? new VolumeMount(service.name() + path.replaceAll("[^A-Za-z0-9]+", "_"), path)
                : whole.volume(source, path, mount);
        return service.volume(mount.flag("read_only") ? volume.readOnly() : volume);
    }

    private Service bind(Part mount, String source, String path, Service service) {
        if (source.isEmpty()) {
            findings.error(mount.place(), "a bind has to say its 'source': a path of this host.", "");
            return service;
        }
        Path there = whole.project().resolve(source);
        boolean isMade =
                mount.part("bind").map(bind -> bind.flag("create_host_path")).orElse(false);
        if (mount.flag("read_only")) {
            return service.bindReadOnly(source, path);
        } else if (isMade && !Files.exists(there)) {
            return service.bindOutput(source, path);
        } else if (whole.environment() == Environment.TEST && Files.isRegularFile(there)) {
            // a test writes nothing into the project, and needs what it reads there all the same
            return service.copy(source, path);
        }
        return service.bind(source, path);
    }

    private Service given(Part given, String kind, Map<String, Part> all, Service service) {
        Vocabulary.GIVEN.check(given, findings);
        String name = given.text("source").orElse("");
        Part declared = all.get(name);
        if (declared == null) {
            findings.error(
                    given.place(),
                    "'" + name + "' is none of the " + kind + " of the file.",
                    "Declare it at the top, under '" + kind + "'.");
            return service;
        }
        String usual = kind.equals("secrets") ? SECRETS + name : "/" + name;
        String path = given.text("target")
                .map(target ->
                        target.startsWith("/") ? target : kind.equals("secrets") ? SECRETS + target : "/" + target)
                .orElse(usual);
        Optional<String> file = declared.text("file");
        if (file.isPresent()) {
            return service.copy(file.get(), path);
        }
        return content(declared).map(content -> service.file(path, content)).orElse(service);
    }

    private Optional<Value> content(Part declared) {
        Optional<String> variable = declared.text("environment");
        Optional<Value> found = declared.text("content")
                .map(whole::value)
                .or(() -> variable.flatMap(name -> whole.secret(name).map(Value::secret)));
        if (variable.isPresent() && found.isEmpty()) {
            findings.error(
                    declared.place(),
                    variable.get() + " is not set, and '" + declared.name() + "' is its value.",
                    "Set it.");
        } else if (found.isEmpty()) {
            findings.error(declared.place(), "'" + declared.name() + "' has no content.", "Name a 'file'.");
        }
        return found;
    }
}
