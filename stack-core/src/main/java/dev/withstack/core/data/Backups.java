package dev.withstack.core.data;

import dev.withstack.core.driver.Driver;
import dev.withstack.core.driver.DriverException;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Share;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import dev.withstack.core.plan.NetworkAddresses;
import dev.withstack.core.plan.Observed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Takes the data of a stack out and puts it back, of each kind of service by its own means, while it runs. What runs
 * elsewhere is left to whoever runs it. Used by one thread.
 */
public final class Backups {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Driver driver;
    private final StackDefinition definition;
    private final Clock clock;
    private final Consumer<String> progress;

    /** @param progress is told in words how it goes on */
    public Backups(Driver driver, StackDefinition definition, Clock clock, Consumer<String> progress) {
        this.driver = driver;
        this.definition = definition;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Take a backup of the services; none named means all that keep something.
     *
     * @param parent the directory that the backup's own is made in
     * @throws DriverException if a service that keeps something is not there, or it fails; nothing is left then
     */
    public Backup take(Collection<String> services, Path parent) throws InterruptedException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        List<Manifest.Part> parts = new ArrayList<>();
        List<Keeper> keepers = keepers(services);
        String doing = definition.id().toString();
        try (Packing packing = Packing.begin(parent, definition.id().prefix() + "-" + MOMENT.format(now), progress)) {
            for (Keeper keeper : keepers) {
                doing = keeper.name();
                Holding holding = keeper.holding();
                List<Manifest.Piece> pieces = new ArrayList<>();
                holding.save((unit, extension, filling) -> pieces.add(
                        packing.add(fileName(keeper.name(), unit, extension, parts, pieces), unit, filling)));
                parts.add(new Manifest.Part(keeper.name(), holding.kind(), keeper.from(), pieces));
            }
            doing = definition.id().toString();
            Manifest manifest =
                    new Manifest(definition.name(), definition.environment().id(), now, parts);
            return new Backup(packing.finish(manifest), manifest);
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "Can't back up " + doing + ": " + reason(e),
                    "nothing was left in '" + parent + "'; mend the cause and try again",
                    e);
        }
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof java.nio.file.FileSystemException && !message.contains(" ")
                ? e.getClass().getSimpleName() + " of " + message
                : message;
    }

    /** Names from outside may have any signs, and differ in those only that a file's name can't have. */
    private static String fileName(
            String service, String unit, String extension, List<Manifest.Part> parts, List<Manifest.Piece> pieces) {
        String plain = (service + "." + unit).replaceAll("[^A-Za-z0-9._-]", "_");
        String name = plain + "." + extension;
        List<String> taken = new ArrayList<>();
        parts.forEach(part -> part.pieces().forEach(piece -> taken.add(piece.file())));
        pieces.forEach(piece -> taken.add(piece.file()));
        for (int number = 2; taken.contains(name); number++) {
            name = plain + "-" + number + "." + extension;
        }
        return name;
    }

    /**
     * Put what was saved of the services beside what is there, and prove that it has arrived; none named means all that
     * the backup has. What is there stays in use.
     *
     * @throws DriverException if the backup is damaged, has nothing of a service, or something does not arrive whole; what
     *     stands beside is removed then, and what is there is as it was
     */
    public Restoration prepare(Backup backup, Collection<String> services) throws InterruptedException {
        checkWhole(backup);
        Restoration restoration = new Restoration();
        for (Manifest.Part part : partsOf(backup, services)) {
            progress.accept(part.service() + ": beside what is there");
            try {
                Keeper keeper = keepers(List.of(part.service())).get(0);
                Holding holding = keeper.holding();
                if (!holding.kind().equals(part.kind())) {
                    throw new IOException(
                            "the backup has " + part.kind() + ", and the service keeps " + holding.kind());
                }
                restoration.add(part.service(), holding.prepare(new Holding.Contents() {
                    @Override
                    public Manifest.Part part() {
                        return part;
                    }

                    @Override
                    public InputStream open(Manifest.Piece piece) throws IOException {
                        return backup.open(piece);
                    }
                }));
            } catch (IOException e) {
                throw restoration.discardAfter(new DriverException(
                        DriverException.Kind.REFUSED,
                        "Can't restore " + part.service() + ": " + reason(e),
                        "what was there is untouched",
                        e));
            } catch (DriverException e) {
                throw restoration.discardAfter(e);
            } catch (InterruptedException e) {
                throw restoration.discardAfter(e);
            }
        }
        return restoration;
    }

    private static void checkWhole(Backup backup) {
        try {
            List<String> problems = backup.problems();
            if (!problems.isEmpty()) {
                throw new DriverException(
                        DriverException.Kind.REFUSED,
                        "The backup '" + backup.directory() + "' is damaged: " + String.join("; ", problems) + ".",
                        "nothing was touched; take another one: backups list");
            }
        } catch (IOException e) {
            throw new DriverException(
                    DriverException.Kind.REFUSED,
                    "The backup '" + backup.directory() + "' can't be read: " + reason(e),
                    "nothing was touched",
                    e);
        }
    }

    private static List<Manifest.Part> partsOf(Backup backup, Collection<String> services) {
        if (services.isEmpty()) {
            return backup.manifest().parts();
        }
        return services.stream()
                .map(service -> backup.manifest()
                        .part(service)
                        .orElseThrow(() -> new DriverException(
                                DriverException.Kind.REFUSED,
                                "The backup '" + backup.name() + "' has nothing of '" + service + "'; it has: "
                                        + String.join(
                                                ", ",
                                                backup.manifest().parts().stream()
                                                        .map(Manifest.Part::service)
                                                        .toList())
                                        + ".",
                                "")))
                .toList();
    }

    /** Return the services that keep something of this stack's, those of the base first. */
    private List<String> keeping() {
        List<String> keeping = new ArrayList<>();
        new Shares(driver, definition).kept().forEach(share -> keeping.add(share.service()));
        definition.services().values().stream().filter(Backups::keeps).forEach(service -> keeping.add(service.name()));
        return keeping.stream().distinct().toList();
    }

    private static boolean keeps(Service service) {
        boolean isOurs =
                !(service.source() instanceof Source.External) && !(service.source() instanceof Source.Process);
        return isOurs && (service.data().isPresent() || !service.volumes().isEmpty());
    }

    private List<Keeper> keepers(Collection<String> services) {
        List<String> keeping = keeping();
        for (String service : services) {
            if (!keeping.contains(service)) {
                throw new DriverException(
                        DriverException.Kind.REFUSED,
                        "'" + service + "' keeps nothing that could be backed up; those that do: "
                                + String.join(", ", keeping) + ".",
                        "");
            }
        }
        List<Keeper> keepers = new ArrayList<>();
        for (String name : services.isEmpty() ? withoutThoseNotAskedFor(keeping) : services) {
            StackDefinition owner = definition.owner(name);
            Observed.Container container = driver.observe(owner.id())
                    .container(name)
                    .filter(one -> one.isRunning() || owner.service(name).data().isEmpty())
                    .orElseThrow(() -> new DriverException(
                            DriverException.Kind.NOT_FOUND,
                            "'" + name + "' of " + owner.id() + " is not running, and its data is read through it.",
                            "start the stack, and run this again"));
            keepers.add(new Keeper(owner, owner.service(name), container));
        }
        return keepers;
    }

    /** What is started on request alone, and has not been, is no reason to have no backup of the others. */
    private List<String> withoutThoseNotAskedFor(List<String> keeping) {
        List<String> left = new ArrayList<>(keeping);
        left.removeIf(name -> {
            StackDefinition owner = definition.owner(name);
            return owner.service(name).starts() == Service.Starts.ON_REQUEST
                    && driver.observe(owner.id()).container(name).isEmpty();
        });
        keeping.stream()
                .filter(name -> !left.contains(name))
                .forEach(name -> progress.accept(name + ": left out, as it is started on request and is not there"));
        return left;
    }

    /** A service that keeps something, and what it is made from. */
    private final class Keeper {
        private final StackDefinition owner;
        private final Service service;
        private final Observed.Container container;

        Keeper(StackDefinition owner, Service service, Observed.Container container) {
            this.owner = owner;
            this.service = service;
            this.container = container;
        }

        String name() {
            return service.name();
        }

        String from() {
            return (container.image().used() + " " + container.image().lineage()).strip();
        }

        Holding holding() throws IOException {
            Optional<Share> share = definition.shares().stream()
                    .filter(one -> one.service().equals(service.name()))
                    .findFirst();
            Data data = service.data().orElse(null);
            if (data instanceof Data.Postgres postgres) {
                Map<String, String> environment = new LinkedHashMap<>();
                environment.put("PGHOST", "127.0.0.1");
                environment.put("PGUSER", text(postgres.user()));
                environment.put("PGPASSWORD", text(postgres.password()));
                String main = share.map(one -> ((Share.Database) one).name()).orElse(text(postgres.database()));
                return new PostgresHolding(
                        new Inside(driver, owner, service, environment),
                        main,
                        share.isPresent() ? PostgresHolding.Extent.MAIN : PostgresHolding.Extent.ALL);
            } else if (data instanceof Data.Redis) {
                OptionalInt number = share.map(one -> OptionalInt.of(((Share.KeySpace) one).number()))
                        .orElse(OptionalInt.empty());
                return new RedisHolding(new Inside(driver, owner, service, Map.of()), number);
            } else if (data instanceof Data.Objects objects) {
                S3 s3 = new S3(
                        driver.target(owner, service)
                                .address(service.endpoint("").name()),
                        text(objects.accessKey()),
                        text(objects.secretKey()),
                        clock);
                return new ObjectsHolding(
                        service.name(),
                        s3,
                        share.map(one -> ((Share.Buckets) one).prefix()).orElse(""));
            } else if (data instanceof Data.Vectors) {
                Qdrant qdrant = new Qdrant(driver.target(owner, service)
                        .address(service.endpoint("").name()));
                return new VectorsHolding(
                        service.name(),
                        qdrant,
                        share.map(one -> ((Share.Collections) one).prefix()).orElse(""));
            }
            return new VolumeHolding(driver, owner, service, container);
        }

        private String text(Value value) {
            return value.resolve(new NetworkAddresses(owner));
        }
    }
}
