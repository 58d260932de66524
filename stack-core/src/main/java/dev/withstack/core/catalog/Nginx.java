package dev.withstack.core.catalog;

import dev.withstack.core.model.ContainerCheck;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;

/** An nginx, which answers {@code /health} itself whatever stands behind it. Immutable. */
public final class Nginx implements Declared<Nginx> {
    private static final String SITES = "/etc/nginx/conf.d/";
    private static final String HEALTH =
            """
            server {
                listen 80 default_server;
                server_name localhost;
                location = /health {
                    access_log off;
                    default_type text/plain;
                    return 200 "healthy\\n";
                }
            """;

    private final Service service;

    private Nginx(Service service) {
        this.service = service;
    }

    /** Declare an nginx 1.27 on port 80. */
    public static Nginx service(String name) {
        return new Nginx(Service.image(name, "nginx:1.27-alpine")
                        .port("http", 80)
                        .probe(Probe.http("/health"))
                        .containerCheck(ContainerCheck.of("curl -fsS -o /dev/null http://127.0.0.1/health"))
                        .page("http", "/"))
                .locations(Value.text(""));
    }

    /** Serve these locations beside {@code /health} where no site is meant by name: what stands in a server block. */
    public Nginx locations(Value directives) {
        return file(SITES + "default.conf", Value.join(HEALTH, directives, "\n}\n"));
    }

    /** Add a file of directives that stand beside the server block, such as upstreams and other server blocks. */
    public Nginx site(String name, Value directives) {
        return file(SITES + name + ".conf", directives);
    }

    /** Return its URL. */
    public Value url() {
        return url("http", "http");
    }

    @Override
    public Service service() {
        return service;
    }

    @Override
    public Nginx with(Service changed) {
        return new Nginx(changed);
    }
}
