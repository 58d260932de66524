package dev.withstack.launcher.command;

import dev.withstack.core.export.ComposeExport;
import dev.withstack.core.export.Export;
import dev.withstack.core.export.KubernetesExport;
import dev.withstack.core.export.SourceTree;
import dev.withstack.core.export.SwarmExport;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StackId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a stack can be written for. */
enum ExportFormat {
    COMPOSE("Compose", ComposeExport.FILE) {
        @Override
        Export export(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
            return new ComposeExport(definition, sources, settings).export();
        }

        @Override
        String start(Path target, StackId id) {
            return "docker compose --project-directory " + target + " up --detach --wait";
        }
    },
    SWARM("a swarm", SwarmExport.FILE) {
        @Override
        Export export(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
            return new SwarmExport(definition, sources, settings).export();
        }

        @Override
        String start(Path target, StackId id) {
            boolean hasSecrets = Files.exists(target.resolve(SwarmExport.SECRETS));
            return "(cd " + target + " && " + (hasSecrets ? "set -a && . ./.env && " : "")
                    + "docker stack deploy --compose-file " + SwarmExport.FILE + " " + id.prefix() + ")";
        }
    },
    KUBERNETES("Kubernetes", KubernetesExport.FILE) {
        @Override
        Export export(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings) {
            return new KubernetesExport(definition, sources, settings).export();
        }

        @Override
        String start(Path target, StackId id) {
            return "kubectl apply -k " + target;
        }
    };

    private final String title;
    private final String file;

    ExportFormat(String title, String file) {
        this.title = title;
        this.file = file;
    }

    /** @param settings finds the names of the settings that a secret may have come from */
    abstract Export export(StackDefinition definition, SourceTree sources, Function<String, List<String>> settings);

    /** Return the command that brings up what was written there of this stack. */
    abstract String start(Path target, StackId id);

    /** Return how people call it. */
    String title() {
        return title;
    }

    /** Return the file by which an export is known again. */
    String file() {
        return file;
    }

    /** Return how it is asked for. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> names() {
        return Stream.of(values()).map(ExportFormat::word).toList();
    }

    static Optional<ExportFormat> named(String word) {
        return Stream.of(values()).filter(format -> format.word().equals(word)).findFirst();
    }
}
