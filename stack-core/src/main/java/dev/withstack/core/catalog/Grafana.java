package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Grafana server, with data sources and dashboards provided. Immutable. */
public final class Grafana implements Declared<Grafana> {
    /** The directory of data sources and dashboard providers. */
    public static final String PROVISIONING = "/etc/grafana/provisioning";
    /** The directory in which dashboards are looked for. */
    public static final String DASHBOARDS = "/var/lib/grafana/dashboards";

    private static final String PROVIDERS =
            """
            apiVersion: 1
            providers:
              - name: dashboards
                type: file
                options:
                  path: /var/lib/grafana/dashboards
            """;

    private final Service service;
    private final List<Object> dataSources;

    private Grafana(Service service, List<Object> dataSources) {
        this.service = service;
        this.dataSources = List.copyOf(dataSources);
    }

    /** Declare a Grafana 10 on port 3000 with the user {@code admin} and the password {@code admin}. */
    public static Grafana service(String name) {
        return new Grafana(
                        Service.image(name, "grafana/grafana:10.2.3")
                                .port("http", 3000)
                                .family("grafana")
                                .usualBoot(Duration.ofSeconds(4))
                                .probe(Probe.http("/api/health"))
                                .containerCheck(
                                        ContainerCheck.of("wget -q -O /dev/null http://127.0.0.1:3000/api/health"))
                                .page("http", "/"),
                        List.of())
                .admin("admin", Value.secret("admin"));
    }

    /** Let this user in, as the one who may do everything. */
    public Grafana admin(String user, Value password) {
        return env("GF_SECURITY_ADMIN_USER", user).env("GF_SECURITY_ADMIN_PASSWORD", password);
    }

    /**
     * Provide a data source; the first is the one that is taken where none is named. The service that the URL refers to
     * is waited for, unless it is an address only.
     *
     * @param type Grafana's word for it, such as {@code prometheus}
     */
    public Grafana dataSource(String label, String type, Value url) {
        List<Object> more = new ArrayList<>(dataSources);
        more.add("  - name: '" + label + "'\n    uid: '"
                + label.toLowerCase(java.util.Locale.ROOT).replace(' ', '-') + "'\n    type: '" + type
                + "'\n    access: proxy\n    url: '");
        more.add(url);
        more.add("'\n    isDefault: " + dataSources.isEmpty() + "\n");
        Grafana changed = new Grafana(service, more);
        return changed.file(
                PROVISIONING + "/datasources/withstack.yml",
                Value.join("apiVersion: 1\ndatasources:\n", Value.join(more.toArray())));
    }

    /** Provide a dashboard, as Grafana exports it. */
    public Grafana dashboard(String file, Value json) {
        return file(DASHBOARDS + "/" + file + ".json", json)
                .file(PROVISIONING + "/dashboards/withstack.yml", Value.text(PROVIDERS));
    }

    /** Have these plugins installed at the start, which needs a network that reaches Grafana's. */
    public Grafana plugins(String... names) {
        return env("GF_INSTALL_PLUGINS", String.join(",", names));
    }

    /** Keep users, sessions and what is made by hand in a volume. */
    public Grafana data(String volume) {
        return volume(volume, "/var/lib/grafana");
    }

    /** Return the URL of its pages and its HTTP API. */
    public Value url() {
        return url("http", "http");
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Grafana with(Service changed) {
        return new Grafana(changed, dataSources);
    }
}
