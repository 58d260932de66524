package dev.withstack.launcher.command;

import dev.withstack.core.compose.ComposeFile;
import dev.withstack.core.model.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a Compose file as a profile in Java. */
@Command(
        name = "import",
        description = {
            "Write the Java source of a profile that defines the same stack as Compose files do: import --file compose.yaml."
                    + " Their variables become settings. Works without an engine."
        })
final class ImportCommand extends StackCommand {
    @Option(names = "--package", paramLabel = "NAME", description = "the package of the class; none unless given")
    String packageName = "";

    @Option(names = "--class", paramLabel = "NAME", description = "the class; made of the stack's name unless given")
    Optional<String> className = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "the directory of sources that it is put into; shown unless given")
    Optional<Path> out = Optional.empty();

    @Parameters(paramLabel = "FILE", description = "Compose files, as with --file")
    List<String> words = new ArrayList<>();

    @Override
    public boolean takes(List<String> given) {
        words.addAll(given);
        return true;
    }

    @Override
    public ExitCode run(Session session) {
        words.forEach(word -> common.file.add(Path.of(word)));
        session.in(Environment.DEV);
        if (common.file.isEmpty() || !(session.profile() instanceof ComposeFile file)) {
            throw CommandFailedException.usage("import needs a Compose file, as in: import docker-compose.yml");
        }
        String name = className.orElseGet(() -> classOf(file.name()));
        String source = file.toJava(packageName, name, session.settings());
        session.settings().remarks().forEach(remark -> session.remark(remark.toString()));
        if (out.isEmpty()) {
            session.console().print(source);
            return ExitCode.OK;
        }
        Path target = out.get().resolve(packageName.replace('.', '/')).resolve(name + ".java");
        if (Files.exists(target)) {
            throw CommandFailedException.usage("'" + target + "' is there already: remove it, or say another --class.");
        }
        write(target, source);
        session.console().line("Wrote " + target);
        session.console()
                .line("Name it in META-INF/services/dev.withstack.core.profile.StackProfile, and it is a stack like the"
                        + " others.");
        return ExitCode.OK;
    }

    private static void write(Path target, String source) {
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.writeString(target, source);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + target + "' can't be written.", e);
        }
    }

    private static String classOf(String stack) {
        StringBuilder name = new StringBuilder();
        for (String word : stack.split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }
}
