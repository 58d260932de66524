package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Shell;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A Celery beat, which sends tasks at their times, in the image of its application. It is healthy while it keeps its
 * schedule file fresh. Immutable.
 */
public final class CeleryBeat implements Declared<CeleryBeat> {
    private static final String DIRECTORY = "/var/lib/celery";
    /** Beat writes the file every three minutes. */
    private static final int FRESH_FOR_MINUTES = 10;

    private final Service service;

    private CeleryBeat(Service service) {
        this.service = service;
    }

    /**
     * Declare a beat. Start one only: two send every task twice.
     *
     * @param image where it runs: {@code Service.built(..)} or {@code Service.image(..)}
     * @param app the module with the Celery application, as {@code celery -A} takes it
     */
    public static CeleryBeat of(Service image, String app) {
        String schedule = DIRECTORY + "/celerybeat-schedule";
        // what the file is called to the letter is up to the image's database library
        String isFresh =
                "find " + DIRECTORY + " -name 'celerybeat-schedule*' -mmin -" + FRESH_FOR_MINUTES + " | grep -q .";
        String start = "mkdir -p " + DIRECTORY + " && exec celery -A " + app
                + " beat --loglevel=info --pidfile= --schedule=" + schedule;
        return new CeleryBeat(image.command("sh", "-c", start)
                .probe(Probe.command("sh", "-c", isFresh))
                .usualBoot(Duration.ofSeconds(2))
                .containerCheck(ContainerCheck.of(isFresh))
                .shell(new Shell(image.name(), List.of("sh"), Map.of())));
    }

    /** Keep the schedule, with the times at which tasks were last sent, in a volume. */
    public CeleryBeat data(String volume) {
        return volume(volume, DIRECTORY);
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public CeleryBeat with(Service changed) {
        return new CeleryBeat(changed);
    }
}
