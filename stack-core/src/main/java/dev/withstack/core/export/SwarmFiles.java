package dev.withstack.core.export;

import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What a task of a swarm finds in its file system besides its image. Files become configs and secrets, which the swarm takes
 * to every node; they can't be changed, so that their names tell their content, and another content is another one. Used by
 * one thread.
 */
final class SwarmFiles {
    /** A name has 64 letters with that of the stack, which is to have up to 26, and the digits of the content. */
    private static final int LONGEST = 28;
    /** What a swarm takes as one secret, and older ones as one config. */
    private static final int LARGEST = 500_000;

    private final Draft draft;
    private final Service service;
    private final List<Object> mounts = new ArrayList<>();
    private final Kind configs = new Kind();
    private final Kind secrets = new Kind();

    /** One of the two kinds of files: what the stack declares, and what the service is given of it. */
    private static final class Kind {
        private final Map<String, Object> declared = new LinkedHashMap<>();
        private final List<Object> given = new ArrayList<>();

        void add(String name, String file, Map<String, Object> use) {
            declared.put(name, Trees.mapOf("file", file));
            given.add(use);
        }
    }

    SwarmFiles(Draft draft, Service service) {
        this.draft = draft;
        this.service = service;
        service.volumes().forEach(volume -> mounts.add(ComposeFiles.volume(volume)));
        draft.filesOf(service).forEach(this::add);
        // what Compose calls tmpfs a swarm passes over in silence
        service.hardening().tmpfs().forEach(path -> mounts.add(Trees.mapOf("type", "tmpfs", "target", path)));
    }

    /** Return the keys of the service that give them to it. */
    Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        Trees.put(keys, "volumes", mounts);
        Trees.put(keys, "configs", configs.given);
        Trees.put(keys, "secrets", secrets.given);
        return keys;
    }

    Map<String, Object> configs() {
        return configs.declared;
    }

    Map<String, Object> secrets() {
        return secrets.declared;
    }

    private void add(FileMount file) {
        if (file instanceof FileMount.Generated generated) {
            write(generated);
        } else if (file instanceof FileMount.Bound bound) {
            bind(bound.source(), bound.path(), bound.access());
        } else if (file instanceof FileMount.FromProject own) {
            copy(own.source(), own.path());
        } else {
            copy(((FileMount.Copied) file).source(), file.path());
        }
    }

    private void write(FileMount.Generated generated) {
        Value content = generated.content(service.source().version());
        String text = new ComposeText(draft, service).plain(content);
        String within = service.name() + generated.path();
        Export.File open = Export.File.readable(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (content.hasSecret()) {
            draft.add("secret-files/" + within, new Export.File(text, Export.Readers.OWNER));
            give(secrets, "./secret-files/" + within, generated.path(), bytes, open.readers());
        } else {
            draft.add("files/" + within, open);
            give(configs, "./files/" + within, generated.path(), bytes, open.readers());
        }
    }

    private void copy(String source, String path) {
        Map<String, byte[]> contents = draft.sources().contents(source, LARGEST);
        if (contents.isEmpty()) {
            bind(source, path, FileMount.Access.READ_ONLY);
        }
        contents.forEach((relative, content) -> {
            String within = relative.isEmpty() ? "" : "/" + relative;
            copy(source + within, path + within, content);
        });
    }

    /** What only its owner may read is a secret. */
    private void copy(String source, String path, byte[] content) {
        Export.Readers readers = draft.sources().readers(source);
        Kind kind = readers == Export.Readers.OWNER ? secrets : configs;
        give(kind, draft.sources().reference(source), path, content, readers);
    }

    private void give(Kind kind, String file, String path, byte[] content, Export.Readers readers) {
        if (content.length == 0) {
            draft.lose(service.name(), "gets no '" + path + "', which is empty: a swarm takes no empty files.");
            return;
        }
        String name = name(path, content);
        Map<String, Object> use = Trees.mapOf("source", name, "target", path);
        if (readers == Export.Readers.EVERYBODY_RUNS) {
            use.put("mode", 0555);
        }
        kind.add(name, file, use);
    }

    private String name(String path, byte[] content) {
        String name = (service.name() + path.substring(path.lastIndexOf('/'))).replaceAll("[^A-Za-z0-9]+", "-");
        CRC32 digits = new CRC32();
        digits.update(content);
        return name.substring(0, Math.min(name.length(), LONGEST)) + "-"
                + HexFormat.of().toHexDigits((int) digits.getValue());
    }

    private void bind(String source, String path, FileMount.Access access) {
        mounts.add(ComposeFiles.bind(draft.sources(), source, path, access));
        draft.lose(
                service.name(),
                "sees '" + draft.sources().reference(source) + "' of the host, which has to be there on every node.");
    }
}
