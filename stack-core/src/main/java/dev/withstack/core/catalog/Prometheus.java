package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Prometheus server, with a configuration that is written for it. Immutable. */
public final class Prometheus implements Declared<Prometheus> {
    /** Where the server reads its configuration. */
    public static final String CONFIG = "/etc/prometheus/prometheus.yml";

    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(15);

    private final Service service;
    private final Duration interval;
    private final List<Job> jobs;

    private Prometheus(Service service, Duration interval, List<Job> jobs) {
        this.service = service;
        this.interval = interval;
        this.jobs = List.copyOf(jobs);
    }

    private record Job(String name, String path, List<Value> targets) {
        private Job {
            targets = List.copyOf(targets);
        }
    }

    /** Declare a Prometheus 2 on port 9090, which scrapes itself and what it is told to, every 15 s. */
    public static Prometheus service(String name) {
        Service service = Service.image(name, "prom/prometheus:v2.48.1")
                .port("http", 9090)
                .family("prometheus")
                .usualBoot(Duration.ofSeconds(1))
                .probe(Probe.http("/-/healthy"))
                .containerCheck(ContainerCheck.of("wget -q -O /dev/null http://127.0.0.1:9090/-/healthy"))
                .page("http", "/");
        return new Prometheus(service, USUAL_INTERVAL, List.of()).started("").configured();
    }

    /** Scrape these addresses at {@code /metrics}. They are not waited for. */
    public Prometheus scrape(String job, Value... addresses) {
        return scrapeAt(job, "/metrics", addresses);
    }

    /** Scrape these addresses at that path. They are not waited for. */
    public Prometheus scrapeAt(String job, String path, Value... addresses) {
        List<Value> targets = new ArrayList<>();
        for (Value address : addresses) {
            targets.add(address.withoutEdge());
        }
        List<Job> more = new ArrayList<>(jobs);
        more.add(new Job(job, path, targets));
        return new Prometheus(service, interval, more).configured();
    }

    /** Scrape this often. */
    public Prometheus every(Duration pace) {
        return new Prometheus(service, pace, jobs).configured();
    }

    /** Keep what was scraped for this long, such as {@code 30d}. */
    public Prometheus retention(String time) {
        return started(time);
    }

    /** Keep what was scraped in a volume. */
    public Prometheus data(String volume) {
        return volume(volume, "/prometheus");
    }

    /** Return the URL of its HTTP API. */
    public Value url() {
        return url("http", "http");
    }

    private Prometheus started(String retention) {
        List<String> command = new ArrayList<>(List.of("--config.file=" + CONFIG, "--storage.tsdb.path=/prometheus"));
        if (!retention.isEmpty()) {
            command.add("--storage.tsdb.retention.time=" + retention);
        }
        return command(command.toArray(String[]::new));
    }

    private Prometheus configured() {
        List<Object> text = new ArrayList<>();
        text.add("global:\n  scrape_interval: " + interval.toMillis() + "ms\nscrape_configs:\n");
        addJob(text, new Job(name(), "/metrics", List.of(Value.text("localhost:9090"))));
        jobs.forEach(job -> addJob(text, job));
        return file(CONFIG, Value.join(text.toArray()));
    }

    private static void addJob(List<Object> text, Job job) {
        text.add("  - job_name: '" + job.name() + "'\n    metrics_path: '" + job.path()
                + "'\n    static_configs:\n      - targets:\n");
        for (Value target : job.targets()) {
            text.add("          - '");
            text.add(target);
            text.add("'\n");
        }
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Prometheus with(Service changed) {
        return new Prometheus(changed, interval, jobs);
    }
}
