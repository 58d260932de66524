package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import dev.withstack.core.profile.EnvFile;
import dev.withstack.core.profile.SelfSigned;
import dev.withstack.launcher.console.Console;
import dev.withstack.launcher.console.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the {@code .env} of a stack. */
@Command(
        name = "init",
        description = {
            "Write the .env of a stack: every variable with what it does and what holds without it, and generated"
                    + " secrets where one is needed; and a self-signed certificate for a stack that needs one. With --env prod it is .env.prod, which only prod reads."
        })
final class InitCommand extends WholeStackCommand {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Option(names = "--yes", description = "do not ask before a file makes way")
    boolean yes;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        Environment chosen = environment.environment.orElse(Environment.DEV);
        session.in(chosen).words().takeStackOnly(words);
        session.sayProject();
        EnvFile settings = new EnvFile(session.profile(), chosen, InitCommand::secret);
        Path file = session.project().settingsDirectory().resolve(settings.name());
        if (Files.exists(file) && !makeWay(session, file)) {
            session.console().line("Nothing was touched.");
            return ExitCode.OK;
        }
        write(file, settings.text());
        Optional<Path> certificate = makeCertificate(session, settings);
        tell(session, file, certificate, settings.toFillIn());
        return ExitCode.OK;
    }

    /** Return the certificate that was made: none if the project has one, or half of one. */
    private static Optional<Path> makeCertificate(Session session, EnvFile settings) throws InterruptedException {
        if (settings.certificate().isEmpty()) {
            return Optional.empty();
        }
        SelfSigned wanted = settings.certificate().get();
        Path certificate = session.project().directory().resolve(wanted.certificate());
        Path key = session.project().directory().resolve(wanted.key());
        if (Files.exists(certificate) || Files.exists(key)) {
            return Optional.empty();
        }
        CertificateFiles.make(certificate, key, wanted);
        return Optional.of(certificate);
    }

    private static void tell(Session session, Path file, Optional<Path> certificate, List<String> toFillIn) {
        Console console = session.console();
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("event", "written");
                fields.put("file", file.toString());
                certificate.ifPresent(made -> fields.put("certificate", made.toString()));
                fields.put("toFillIn", toFillIn);
                console.line(JsonText.of(fields));
            }
            case AUTO, PLAIN, TTY -> {
                console.line("Wrote " + file + ", for your eyes only.");
                certificate.ifPresent(made -> console.line(
                        "Made " + made + " and its key, self-signed: good for this machine, not for strangers."));
                if (!toFillIn.isEmpty()) {
                    console.line("Fill in: " + String.join(", ", toFillIn) + ".");
                }
                console.line("Start with: " + session.surroundings().program() + " "
                        + session.environment().id() + " " + session.profile().name());
            }
        }
    }

    private boolean makeWay(Session session, Path file) {
        Path old = freeNameFor(file);
        List<String> losses = List.of(file + " becomes " + old.getFileName());
        if (!yes && !Question.confirms(session, "There is one already:", losses, "--yes")) {
            return false;
        }
        try {
            Files.move(file, old);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' can't be moved out of the way.", e);
        }
        return true;
    }

    private static Path freeNameFor(Path file) {
        Path old = file.resolveSibling(file.getFileName() + ".old");
        for (int i = 2; Files.exists(old); i++) {
            old = file.resolveSibling(file.getFileName() + ".old" + i);
        }
        return old;
    }

    private static void write(Path file, String text) {
        try {
            OwnFile.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' can't be written.", e);
        }
    }

    private static String secret(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
