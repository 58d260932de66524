package dev.withstack.launcher.command;

import dev.withstack.launcher.console.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes what a colleague needs to see how a stack is, without its secrets. */
@Command(
        name = "bundle",
        description =
                "Write one archive to send to a colleague: what check, status, plan, config, graph, timings, events and logs say,"
                        + " secrets masked.")
final class BundleCommand extends WholeStackCommand {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final String LONG_AGO = "24h";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "the archive, which must not be there yet; STACK-ENV-TIME.zip in this directory unless given")
    Optional<Path> file = Optional.empty();

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "N",
            description = "this many last lines of each service's log, or all; 2000 unless given")
    String tail = "2000";

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        session.in(environment).words().takeStackOnly(words);
        session.maskSecrets();
        Instant now = session.surroundings().clock().instant();
        String name = session.id().prefix() + "-" + STAMP.format(now);
        Path archive = session.surroundings()
                .directory()
                .resolve(file.orElse(Path.of(name + ".zip")))
                .normalize();
        Map<String, String> texts = texts(session);
        write(archive, name, texts);
        tell(session, archive, texts.keySet());
        return ExitCode.OK;
    }

    /** What the commands say, by the name of the file in the archive. */
    private Map<String, String> texts(Session session) throws InterruptedException {
        Map<String, StackCommand> commands = new LinkedHashMap<>();
        commands.put("check.txt", new CheckCommand());
        commands.put("status.txt", new StatusCommand());
        PlanCommand plan = new PlanCommand();
        plan.words.add("start");
        commands.put("plan.txt", plan);
        commands.put("config.txt", new ConfigCommand());
        commands.put("graph.txt", new GraphCommand());
        commands.put("timings.txt", new TimingsCommand());
        EventsCommand events = new EventsCommand();
        events.since = Optional.of(LONG_AGO);
        commands.put("events.txt", events);
        for (String service : session.observedWithBase().containers().keySet()) {
            LogsCommand logs = new LogsCommand();
            logs.tail = Optional.of(tail);
            logs.words.add(service);
            commands.put("logs/" + service + ".log", logs);
        }
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("about.txt", about(session));
        for (Map.Entry<String, StackCommand> command : commands.entrySet()) {
            texts.put(command.getKey(), session.said(command.getValue()));
        }
        return texts;
    }

    private static String about(Session session) {
        return "What the launcher's commands said of " + session.id() + " on "
                + session.surroundings().clock().instant() + ".\n"
                + "Secrets are masked by value; well-known development passwords are none.\n\n"
                + "withstack "
                + Optional.ofNullable(BundleCommand.class.getPackage().getImplementationVersion())
                        .orElse("(not packaged)")
                + ", Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch") + "\n";
    }

    /** Nobody else on the machine is to read it, and nothing is to be lost for it. */
    private static void write(Path archive, String directory, Map<String, String> texts) {
        try {
            Files.createDirectories(archive.toAbsolutePath().getParent());
            Files.createFile(archive, forUsAlone(archive));
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive, StandardOpenOption.WRITE))) {
                for (Map.Entry<String, String> text : texts.entrySet()) {
                    zip.putNextEntry(new ZipEntry(directory + "/" + text.getKey()));
                    zip.write(text.getValue().getBytes(StandardCharsets.UTF_8));
                    zip.closeEntry();
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw CommandFailedException.usage(
                    "'" + archive + "' is there already. Remove it, or give another one with --out.");
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write '" + archive + "'.", e);
        }
    }

    private static FileAttribute<?>[] forUsAlone(Path archive) {
        return archive.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void tell(Session session, Path archive, Set<String> files) {
        if (session.output() == OutputMode.JSON) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("event", "bundle");
            fields.put("file", archive.toString());
            fields.put("entries", List.copyOf(files));
            session.console().line(JsonText.of(fields));
        } else if (session.output() != OutputMode.QUIET) {
            session.console()
                    .line("Wrote " + archive + ": " + files.size()
                            + " files, secrets masked. Look through it before you send it.");
        }
    }
}
