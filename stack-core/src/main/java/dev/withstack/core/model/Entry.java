package dev.withstack.core.model;

import java.util.List;

/**
 * The one stable address in front of the replicas of a service: nginx, under the service's name and with its published
 * ports.
 *
 * <p>The replicas share a name in the network. Nginx asks for it anew every second, so it follows them as they come and
 * go, whoever starts or ends them, and its configuration does not depend on how many they are. A request that a
 * replica did not take goes on to the next. Where a {@link Lineup} is chosen, only its replicas are asked: another is
 * chosen by turning a link around, so that nothing is read anew and no connection is closed for it.
 */
final class Entry {
    private static final String IMAGE = "nginx:1.27-alpine";
    private static final String CONFIGURATION = "/etc/nginx/entry.conf";
    private static final Limits LIMITS = Limits.NONE.cpus(0.5).memory("128m");

    private final Service behind;

    /** @param behind the service as it was declared */
    Entry(Service behind) {
        this.behind = behind;
    }

    /** Return the name in the network that all replicas of the service have. */
    static String replicasName(String service) {
        return service + "-replicas";
    }

    Service service() {
        return Service.image(behind.name(), IMAGE)
                .tier(behind.tier())
                .restart(behind.restartPolicy())
                .patience(behind.patience())
                .limits(LIMITS)
                .hardening(Hardening.NONE.tmpfs("/tmp").noNewPrivileges())
                .command("nginx", "-c", CONFIGURATION)
                .file(CONFIGURATION, Value.text(configuration()))
                .containerCheck(ContainerCheck.of("curl", "-s", "-m", "4", "-o", "/dev/null", url()))
                .changed(draft -> {
                    behind.endpoints().forEach(endpoint -> draft.endpoints.put(endpoint.name(), endpoint));
                    draft.pages.putAll(behind.pages());
                    draft.streams.addAll(behind.streams());
                    draft.aliases.addAll(behind.aliases());
                    draft.networks.addAll(behind.networks());
                    draft.starts = behind.starts();
                    draft.logRotation = behind.logRotation();
                    draft.probe = behind.probe();
                    needed().forEach(
                                    name -> draft.dependencies.add(new Dependency(name, Dependency.Condition.STARTED)));
                });
    }

    /** It comes up beside its replicas, and is ready when one of them is. */
    private List<String> needed() {
        int developed = behind.replicas().orElseThrow().developed();
        return Expansion.replicasOf(behind).subList(0, developed);
    }

    /** Any answer will do: what the replicas answer is asked of them. */
    private String url() {
        Probe.Http probe = (Probe.Http) behind.probe().orElseThrow();
        return "http://127.0.0.1:" + behind.endpoint(probe.endpoint()).port() + probe.path();
    }

    private String configuration() {
        StringBuilder servers = new StringBuilder();
        behind.endpoints().forEach(endpoint -> servers.append(server(endpoint.port())));
        return """
                daemon off;
                worker_processes 2;
                pid /tmp/nginx.pid;
                error_log stderr warn;
                events { worker_connections 4096; }
                http {
                    access_log off;
                    client_body_temp_path /tmp/body;
                    proxy_temp_path /tmp/proxy;
                    fastcgi_temp_path /tmp/fastcgi;
                    uwsgi_temp_path /tmp/uwsgi;
                    scgi_temp_path /tmp/scgi;
                    client_max_body_size 0;
                    # the engine's own name server knows which replicas there are
                    resolver 127.0.0.11 valid=1s ipv6=off;
                    resolver_timeout 2s;
                    map $http_upgrade $upgrade { default ''; ~*^websocket$ $http_upgrade; }
                    map $upgrade $connection_upgrade { default upgrade; '' ''; }
                    # the link leads to a directory with the name of the line-up, and is looked at with each request
                    map $realpath_root $lineup { ~/(?<chosen>[^/]+)$ $chosen; }
                    proxy_http_version 1.1;
                    proxy_buffering off;
                    proxy_connect_timeout 3s;
                    proxy_send_timeout 1h;
                    proxy_read_timeout 1h;
                    proxy_next_upstream error timeout;
                    proxy_next_upstream_tries 4;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header Upgrade $upgrade;
                    proxy_set_header Connection $connection_upgrade;
                %s}
                """
                .formatted(servers);
    }

    private String server(int port) {
        return """
                    server {
                        listen %d;
                        root %s;
                        set $replicas %s;
                        if (-e %s) { set $replicas $lineup; }
                        location / { proxy_pass http://$replicas:%d; }
                    }
                """
                .formatted(port, Lineup.LINK, replicasName(behind.name()), Lineup.LINK, port);
    }
}
