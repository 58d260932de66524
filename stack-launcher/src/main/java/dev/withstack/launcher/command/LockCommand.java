package dev.withstack.launcher.command;

import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.plan.ImageUse;
import dev.withstack.core.profile.ImageLock;
import dev.withstack.launcher.console.JsonText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes down which images a stack runs, so that later starts run the same. */
@Command(
        name = "lock",
        description = {
            "Write down the digest of each image that the stack runs from, in images.lock beside .env: every later start runs"
                    + " exactly those, whatever their names stand for by then. Images that are locked stay as they are.",
            "An image that no registry knows, as one that was built here or is offline, has no digest: its id is compared by"
                    + " --check, and pins nothing."
        })
final class LockCommand extends WholeStackCommand {
    private static final String AS_LOCKED = "as locked";
    private static final String TO_COME = "not here yet: a start pulls it";

    @Option(names = "--check", description = "compare what is here with what is locked; change nothing")
    boolean check;

    @Option(names = "--update", description = "pull what the names stand for now, and lock that")
    boolean update;

    @Override
    public ExitCode run(Session session) throws InterruptedException {
        session.in(environment).words().takeStackOnly(words);
        if (check && update) {
            throw CommandFailedException.usage("--check changes nothing, and --update does: give one of them.");
        }
        StackDefinition definition = session.unlockedDefinition();
        Path directory = session.project().settingsDirectory();
        ImageLock lock = ImageLock.read(directory);
        if (check) {
            return check(session, definition, lock);
        }
        if (update) {
            new BringImages(session, List.of(), "pulled", service -> service.source() instanceof Source.Image)
                    .bring((engine, listener) -> engine.pull(definition, List.of(), listener));
        }
        Map<String, String> found = new LinkedHashMap<>();
        ImageLock known = update ? new ImageLock(Map.of()) : lock;
        images(session, definition, known).forEach((name, here) -> {
            String locked = known.images().getOrDefault(name, "");
            String now = locked.isEmpty() ? here.text() : locked;
            found.put(name, now);
            tell(session, name, now, now.startsWith(ImageLock.ID) ? "compared only: no registry knows it" : "locked");
        });
        lock.with(found).write(directory);
        session.remark("Written: " + directory.resolve(ImageLock.FILE));
        return ExitCode.OK;
    }

    private static ExitCode check(Session session, StackDefinition definition, ImageLock lock) {
        if (lock.images().isEmpty()) {
            throw CommandFailedException.usage("Nothing is locked here. Begin with: "
                    + session.surroundings().program() + " lock "
                    + session.profile().name());
        }
        boolean isWell = true;
        for (Map.Entry<String, Here> one : images(session, definition, lock).entrySet()) {
            String locked = lock.images().getOrDefault(one.getKey(), "");
            String finding = finding(locked, one.getValue());
            isWell &= finding.equals(AS_LOCKED) || finding.equals(TO_COME);
            tell(session, one.getKey(), locked.isEmpty() ? one.getValue().text() : locked, finding);
        }
        return isWell ? ExitCode.OK : ExitCode.UNHEALTHY;
    }

    private static String finding(String locked, Here here) {
        if (locked.isEmpty()) {
            return "not locked";
        }
        if (here.id().isEmpty()) {
            return TO_COME;
        }
        if (locked.equals(here.text()) || here.digests().contains(locked)) {
            return AS_LOCKED;
        }
        return locked.startsWith(ImageLock.ID) ? "is another now: " + here.text() : "another is here: " + here.text();
    }

    /** What a name stands for on the engine. */
    private record Here(List<String> digests, String id) {
        String text() {
            return digests.isEmpty() ? ImageLock.ID + id : digests.get(0);
        }
    }

    /** Return what is here for each image that the definition and its base ask for by name. */
    private static Map<String, Here> images(Session session, StackDefinition definition, ImageLock lock) {
        Map<String, Here> images = new LinkedHashMap<>();
        List<String> absent = new ArrayList<>();
        for (StackDefinition one :
                definition.base().map(base -> List.of(base, definition)).orElse(List.of(definition))) {
            Map<String, ImageUse> uses = session.driver()
                    .observe(lock.applied(one), one.services().keySet())
                    .images();
            for (Service service : one.services().values()) {
                Optional<ImageUse> use = Optional.ofNullable(uses.get(service.name()));
                if (service.source() instanceof Source.Image image && use.isPresent()) {
                    if (use.get().id().isEmpty() && !lock.images().containsKey(image.reference())) {
                        absent.add(image.reference());
                    } else {
                        images.putIfAbsent(
                                image.reference(),
                                new Here(
                                        session.driver().digests(use.get().used()),
                                        use.get().id()));
                    }
                }
            }
        }
        if (!absent.isEmpty()) {
            throw CommandFailedException.usage("Not here, so there is nothing to write down: "
                    + String.join(", ", absent.stream().distinct().toList()) + ". Get them first with: "
                    + session.surroundings().program() + " pull "
                    + session.profile().name());
        }
        return images;
    }

    private static void tell(Session session, String image, String digest, String finding) {
        switch (session.output()) {
            case QUIET -> {}
            case JSON -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("event", "image");
                fields.put("image", image);
                fields.put("digest", digest);
                fields.put("finding", finding);
                session.console().line(JsonText.of(fields));
            }
            case AUTO, PLAIN, TTY -> session.console().line(image + " = " + digest + "  " + finding);
        }
    }
}
