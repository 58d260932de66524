package dev.withstack.launcher.command;

import dev.withstack.core.model.Environment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The lines that let cron or systemd take backups. Which are taken and kept follows the environment, unless said
 * otherwise: hourly in prod, kept for 24 hours and 30 days; daily elsewhere, kept for 7 days.
 */
final class BackupSchedule {
    /** For whom the lines are. */
    enum Format {
        CRON,
        SYSTEMD
    }

    private static final List<String> CONNECTION = List.of(
            "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "STACK_INSTANCE", "JAVA_HOME");

    private final Session session;
    private final List<String> services;
    private final Optional<Path> to;
    private final KeepOptions keep;

    BackupSchedule(Session session, List<String> services, Optional<Path> to, KeepOptions keep) {
        this.session = session;
        this.services = services;
        this.to = to;
        this.keep = keep;
    }

    String text(Format format) {
        return switch (format) {
            case CRON -> cron();
            case SYSTEMD -> systemd();
        };
    }

    private boolean isHourly() {
        return session.environment() == Environment.PROD;
    }

    private Path directory() {
        return session.surroundings().directory();
    }

    /** A per cent sign ends a command of cron's. */
    private String cron() {
        String variables = variables().entrySet().stream()
                .map(variable -> variable.getKey() + "=" + quoted(variable.getValue()) + " ")
                .collect(Collectors.joining());
        String command = "cd " + quoted(directory().toString()) + " && " + variables
                + words().stream().map(BackupSchedule::quoted).collect(Collectors.joining(" "));
        return (isHourly() ? "0 * * * * " : "0 2 * * * ") + command.replace("%", "\\%");
    }

    private String systemd() {
        String name = "withstack-backup-" + session.id().prefix();
        String variables = variables().entrySet().stream()
                .map(variable -> "Environment=" + unit(variable.getKey() + "=" + variable.getValue()) + "\n")
                .collect(Collectors.joining());
        String command = words().stream().map(BackupSchedule::unit).collect(Collectors.joining(" "));
        return """
               # /etc/systemd/system/%1$s.service
               [Unit]
               Description=Backup of %2$s
               Requires=docker.service
               After=docker.service

               [Service]
               Type=oneshot
               User=%3$s
               WorkingDirectory=%4$s
               %5$sExecStart=%6$s

               # /etc/systemd/system/%1$s.timer, then: systemctl enable --now %1$s.timer
               [Unit]
               Description=Backups of %2$s

               [Timer]
               OnCalendar=%7$s
               Persistent=true

               [Install]
               WantedBy=timers.target"""
                .formatted(
                        name,
                        session.id(),
                        System.getProperty("user.name"),
                        unit(directory().toString()),
                        variables,
                        command,
                        isHourly() ? "hourly" : "*-*-* 02:00:00");
    }

    /** Neither cron nor systemd has the variables by which the engine is found from here. */
    private Map<String, String> variables() {
        Map<String, String> given = new TreeMap<>(session.surroundings().environment());
        given.keySet().retainAll(CONNECTION);
        return given;
    }

    private List<String> words() {
        List<String> words = new ArrayList<>(program());
        words.add("backup");
        words.addAll(List.of(session.called().split(" ")));
        words.addAll(services);
        words.addAll(List.of("--env", session.environment().id()));
        to.ifPresent(given -> words.addAll(List.of("--to", given.toString())));
        boolean isSaid = keep.retention().isPresent();
        hourly(isSaid).ifPresent(number -> words.addAll(List.of("--keep-hourly", number.toString())));
        daily(isSaid).ifPresent(number -> words.addAll(List.of("--keep-daily", number.toString())));
        words.addAll(List.of("--output", "quiet"));
        return words;
    }

    private Optional<Integer> hourly(boolean isSaid) {
        return isSaid ? keep.hourly : isHourly() ? Optional.of(24) : Optional.empty();
    }

    private Optional<Integer> daily(boolean isSaid) {
        return isSaid ? keep.daily : Optional.of(isHourly() ? 30 : 7);
    }

    /** The words that run the launcher, from whichever directory and without a search path. */
    private List<String> program() {
        String program = session.surroundings().program();
        return program.contains(" ")
                ? List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar().toString())
                : List.of(directory().resolve(program).normalize().toString());
    }

    private static Path jar() {
        try {
            return Path.of(BackupSchedule.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The launcher does not know where its jar is.", e);
        }
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String unit(String word) {
        String plain = word.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("%", "%%")
                .replace("$", "$$");
        return plain.matches("\\S+") ? plain : "\"" + plain + "\"";
    }
}
