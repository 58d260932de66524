package dev.withstack.core.export;

import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a container of Compose finds in its file system besides its image. Used by one thread. */
final class ComposeFiles {
    private final Draft draft;
    private final Service service;
    private final ComposeText text;
    private final List<String> mounts = new ArrayList<>();
    private final List<Object> given = new ArrayList<>();
    private final Map<String, Object> configs = new LinkedHashMap<>();

    ComposeFiles(Draft draft, Service service) {
        this.draft = draft;
        this.service = service;
        this.text = new ComposeText(draft, service);
        service.volumes().forEach(volume -> mounts.add(volume(volume)));
        draft.filesOf(service).forEach(this::add);
    }

    /** Return the keys of the service that give them to it. */
    Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        Trees.put(keys, "volumes", mounts);
        Trees.put(keys, "configs", given);
        return keys;
    }

    /** Return the files whose content stands in {@code compose.yaml}, as it refers to secrets. */
    Map<String, Object> configs() {
        return configs;
    }

    static String volume(VolumeMount volume) {
        return volume.volume() + ":" + volume.path() + (volume.isReadOnly() ? ":ro" : "");
    }

    /** Return how a file or directory of the project is bound. */
    static String bind(SourceTree sources, String source, String path, FileMount.Access access) {
        return sources.reference(source) + ":" + path + (access == FileMount.Access.READ_ONLY ? ":ro" : "");
    }

    private void add(FileMount file) {
        if (file instanceof FileMount.Generated generated) {
            write(generated);
        } else if (file instanceof FileMount.Bound bound) {
            bind(bound.source(), bound.path(), bound.access());
        } else if (file instanceof FileMount.FromProject own) {
            bind(own.source(), own.path(), FileMount.Access.READ_ONLY);
        } else {
            bind(((FileMount.Copied) file).source(), file.path(), FileMount.Access.READ_ONLY);
        }
    }

    private void bind(String source, String path, FileMount.Access access) {
        mounts.add(bind(draft.sources(), source, path, access));
    }

    /** What refers to secrets stands in {@code compose.yaml}, which is given them; everything else is a file beside it. */
    private void write(FileMount.Generated generated) {
        Value content = generated.content(service.source().version());
        if (content.hasSecret()) {
            String name = service.name() + generated.path().replaceAll("[^A-Za-z0-9]+", "-");
            configs.put(name, Trees.mapOf("content", text.of(content, name)));
            given.add(Trees.mapOf("source", name, "target", generated.path()));
            return;
        }
        String file = "files/" + service.name() + generated.path();
        draft.add(file, Export.File.readable(text.plain(content)));
        mounts.add("./" + file + ":" + generated.path() + ":ro");
    }
}
