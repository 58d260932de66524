package dev.withstack.launcher.command;

import dev.withstack.core.data.Backup;
import dev.withstack.core.data.Migrations;
import dev.withstack.core.data.Migrations.Migration;
import dev.withstack.core.diagnosis.Finding;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.Observed;
import dev.withstack.core.profile.ImageLock;
import dev.withstack.core.profile.Variables;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What somebody should know before a new version goes out. It changes nothing. */
final class ReleaseCheck {
    /** A backup that is older says little of what a release that goes wrong would lose. */
    private static final Duration RECENT = Duration.ofDays(1);

    private final Session session;
    private final StackDefinition definition;

    ReleaseCheck(Session session, StackDefinition definition) {
        this.session = session;
        this.definition = definition;
    }

    List<Finding> run() throws InterruptedException {
        List<Finding> findings = new ArrayList<>(List.of(variables(), probes(), images(), backup()));
        for (Service service : definition.servicesWithBase().values()) {
            if (service.migrations().isPresent()) {
                findings.add(migrations(service, service.migrations().get()));
            }
        }
        findings.addAll(wayBack());
        return findings;
    }

    private static Finding good(String subject, String text) {
        return Finding.good(Finding.Group.RELEASE, subject, text);
    }

    private static Finding doubtful(String subject, String text, String fix) {
        return Finding.doubtful(Finding.Group.RELEASE, subject, text, fix);
    }

    private String program(String command) {
        return session.surroundings().program() + " " + command;
    }

    private Finding variables() {
        List<String> unexplained = Variables.unexplained(Variables.of(session.profile(), session.environment()));
        return unexplained.isEmpty()
                ? good("variables", "all are documented")
                : doubtful(
                        "variables",
                        "nobody has said what these do: " + String.join(", ", unexplained),
                        "say it in the profile's explanations()");
    }

    private Finding probes() {
        List<String> blind = definition.services().values().stream()
                .filter(service ->
                        service.probe().isEmpty() && service.containerCheck().isEmpty())
                .map(Service::name)
                .toList();
        return blind.isEmpty()
                ? good("health", "every service has a check that a new version has to pass")
                : doubtful(
                        "health",
                        "a new version of these counts as ready when it runs: " + String.join(", ", blind),
                        "give them a probe");
    }

    private Finding images() {
        ImageLock lock = ImageLock.read(session.project().settingsDirectory());
        List<String> unlocked = session.unlockedDefinition().servicesWithBase().values().stream()
                .filter(service -> service.source() instanceof Source.Image)
                .map(service -> ((Source.Image) service.source()).reference())
                .distinct()
                .filter(image -> !image.contains("@") && !lock.images().containsKey(image))
                .toList();
        return unlocked.isEmpty()
                ? good("images", "all that are pulled are locked")
                : doubtful(
                        "images",
                        "what these stand for may change from one start to the next: " + String.join(", ", unlocked),
                        program("lock " + session.called()));
    }

    private Finding backup() {
        Optional<Instant> taken = new BackupShelf(session, Optional.empty())
                .all().stream()
                        .filter(backup -> backup.manifest()
                                .environment()
                                .equals(session.environment().id()))
                        .map(Backup::manifest)
                        .map(manifest -> manifest.taken())
                        .findFirst();
        Instant recent = session.surroundings().clock().instant().minus(RECENT);
        if (taken.filter(recent::isBefore).isPresent()) {
            return good("backup", "the newest is of " + taken.get());
        }
        return doubtful(
                "backup",
                taken.map(moment -> "the newest is of " + moment).orElse("there is none in backups/"),
                program("backup " + session.called() + " --env "
                        + session.environment().id()));
    }

    private Finding migrations(Service service, String from) throws InterruptedException {
        String subject = "migrations";
        try {
            Path project = session.project().directory();
            List<String> pending = new Migrations(
                            session.driver(), definition, service.name(), project, project.resolve(from))
                    .list().stream()
                            .filter(migration -> migration.applied().isEmpty())
                            .map(Migration::file)
                            .toList();
            return pending.isEmpty()
                    ? good(subject, "all of " + from + "/ are applied to " + service.name())
                    : doubtful(
                            subject,
                            "not applied to " + service.name() + " yet: " + String.join(", ", pending),
                            program("migrate " + session.called()) + ", with a version that both can bear");
        } catch (DriverException e) {
            return Finding.bad(Finding.Group.RELEASE, subject, String.valueOf(e.getMessage()), e.fix());
        }
    }

    private List<Finding> wayBack() {
        Observed observed = session.observed();
        return observed.kept().isEmpty()
                ? List.of()
                : List.of(doubtful(
                        "way back",
                        "the version before is still kept ("
                                + String.join(", ", observed.kept().keySet())
                                + "), and the next deployment gives it up",
                        "see that what runs is good: then there is nothing to do"));
    }
}
