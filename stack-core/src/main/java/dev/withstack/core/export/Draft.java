package dev.withstack.core.export;

import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * An export while it is written: the stack, the project that it is built from, and what has come together of it. Used by one
 * thread.
 */
final class Draft {
    private final StackDefinition definition;
    private final SourceTree sources;
    private final Function<String, List<String>> settings;
    private final SecretNames secrets;
    private final Map<String, Export.File> files = new LinkedHashMap<>();
    private final Set<Export.Loss> losses = new LinkedHashSet<>();

    /** @param settings finds the names of the settings that a secret may have come from */
    Draft(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
        this.definition = definition;
        this.sources = sources;
        this.settings = settings;
        this.secrets = new SecretNames(settings);
    }

    StackDefinition definition() {
        return definition;
    }

    SourceTree sources() {
        return sources;
    }

    SecretNames secrets() {
        return secrets;
    }

    /** Say that the service, or the stack, does not have what it means to have. */
    void lose(String subject, String what) {
        losses.add(new Export.Loss(subject, what));
    }

    /** Say that the whole stack does not have what it means to have. */
    void lose(String what) {
        lose(definition.name(), what);
    }

    /** Put a file into the export, behind those that are there. */
    void add(String path, Export.File file) {
        files.put(path, file);
    }

    /**
     * Return the files that the service gets: those of the project, or what is generated in their place where it has none.
     */
    List<FileMount> filesOf(Service service) {
        List<FileMount> files = new ArrayList<>();
        for (FileMount file : service.files()) {
            if (file instanceof FileMount.FromProject own && !sources.has(own.source())) {
                files.addAll(own.otherwise());
                if (own.otherwise().isEmpty()) {
                    lose(service.name(), "gets '" + own.source() + "' of the project, which is not there.");
                }
            } else {
                files.add(file);
            }
        }
        return files;
    }

    /**
     * Put the stack that this one stands on, if it does, into a directory of its own.
     *
     * @param meaning says what it means to stand on one here
     */
    void addBase(Function<Draft, Export> write, String meaning) {
        definition.base().ifPresent(base -> {
            Export written = write.apply(new Draft(base, sources.into(Export.BASE), settings));
            written.files().forEach((path, file) -> add(Export.BASE + "/" + path, file));
            losses.addAll(written.losses());
            List<String> own = ownOnBase();
            lose(
                    own.isEmpty()
                            ? meaning
                            : meaning + " Make in it what is this environment's own: " + String.join(", ", own) + ".");
        });
    }

    /** Say that the names of services are not told apart on the network of the base, whose users all have the same. */
    void loseNamesOnBase() {
        List<Service> services = List.copyOf(definition.services().values());
        if (definition.base().isPresent() && !services.isEmpty()) {
            String name = services.get(0).name();
            lose(
                    "is found on the network of its base by the names of its services too, which other environments have as"
                            + " well: ask for '" + definition.nameOnBase(name) + "' there, not for '" + name + "'.");
        }
    }

    /** Return what our launcher makes in the servers of the base. */
    private List<String> ownOnBase() {
        List<String> own = new ArrayList<>();
        for (Share share : definition.shares()) {
            if (share instanceof Share.Database database) {
                own.add(database.text());
            } else if (share instanceof Share.Buckets buckets) {
                buckets.names()
                        .forEach(name -> own.add("bucket " + buckets.prefix() + name + " of " + buckets.service()));
            }
        }
        return own;
    }

    /** Return the export: the main file and those of its kind, and behind them what was added. */
    Export export(Map<String, Export.File> first) {
        Map<String, Export.File> all = new LinkedHashMap<>(first);
        all.putAll(files);
        return new Export(all, List.copyOf(losses));
    }
}
