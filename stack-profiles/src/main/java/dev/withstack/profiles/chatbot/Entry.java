package dev.withstack.profiles.chatbot;

import dev.withstack.core.catalog.Nginx;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.Value;
import dev.withstack.core.profile.SelfSigned;
import dev.withstack.core.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Nginx in front of all environments: the host name tells which is meant. It looks the applications up when they are
 * asked for, and so is healthy without any, and finds one that is started or made anew after it.
 */
final class Entry {
    private static final List<Environment> LED_TO =
            List.of(Environment.DEV, Environment.STAGE, Environment.PROD, Environment.TEST);

    private static final String LOCATIONS =
            """
                location / {
                    proxy_pass http://$environment-app:8000;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                    proxy_connect_timeout 3s;
                    error_page 502 504 = @absent;
                }
                location @absent {
                    default_type text/plain;
                    return 503 "The application of $environment does not answer.\\n";
                }
            """;

    /** The network's own name server, whose answers are good for a second: applications come and go. */
    private static final String SITE =
            """
            resolver 127.0.0.11 valid=1s ipv6=off;
            map $host $environment {
                default %s;
            %s}
            map $http_upgrade $connection_upgrade {
                default upgrade;
                '' '';
            }
            """;

    private static final String SECURE =
            """
            server {
                listen 443 ssl default_server;
                ssl_certificate /etc/nginx/tls/server.crt;
                ssl_certificate_key /etc/nginx/tls/server.key;
                location = /health {
                    access_log off;
                    default_type text/plain;
                    return 200 "healthy\\n";
                }
            %s}
            """;

    /** Browsers lead every name under localhost to this machine. */
    static final SelfSigned CERTIFICATE = new SelfSigned(
            "NGINX_CERTIFICATE",
            "certs/nginx.crt",
            "NGINX_CERTIFICATE_KEY",
            "certs/nginx.key",
            List.of("localhost", "dev.localhost", "stage.localhost", "prod.localhost"));

    private Entry() {}

    static Nginx nginx(Settings settings) {
        Optional<String> certificate = settings.given(CERTIFICATE.certificateSetting());
        Optional<String> key = settings.given(CERTIFICATE.keySetting());
        checkPair(settings, certificate, key);
        String site = SITE.formatted(usual(settings).id(), hosts());
        Nginx nginx = Nginx.service("nginx").hostPort(8100).locations(Value.text(LOCATIONS));
        if (certificate.isEmpty() || key.isEmpty()) {
            return nginx.site("environments", Value.text(site));
        }
        return nginx.site("environments", Value.text(site + SECURE.formatted(LOCATIONS)))
                .port("https", 443)
                .hostPort("https", 8443)
                .copy(certificate.get(), "/etc/nginx/tls/server.crt")
                .copy(key.get(), "/etc/nginx/tls/server.key");
    }

    private static String hosts() {
        return LED_TO.stream()
                .map(environment -> "    " + environment.id() + ".localhost " + environment.id() + ";\n")
                .collect(Collectors.joining());
    }

    private static void checkPair(Settings settings, Optional<String> certificate, Optional<String> key) {
        boolean isRelease = settings.environment().isRelease();
        String fix = "Name the files of the certificate and its key in the project; init makes a self-signed pair.";
        if (certificate.isPresent() != key.isPresent()) {
            settings.reject(
                    certificate.isPresent() ? CERTIFICATE.keySetting() : CERTIFICATE.certificateSetting(),
                    "is not set, and the other of the pair is.",
                    fix);
        } else if (isRelease && certificate.isEmpty()) {
            settings.reject(
                    CERTIFICATE.certificateSetting(),
                    "is not set, and " + settings.environment().id() + " needs a certificate on 8443.",
                    fix);
        }
    }

    private static Environment usual(Settings settings) {
        Environment usual = settings.environment() == Environment.TEST ? Environment.TEST : Environment.PROD;
        String asked = settings.text("NGINX_ENVIRONMENT", usual.id());
        Optional<Environment> found = LED_TO.stream()
                .filter(environment -> environment.id().equals(asked))
                .findFirst();
        if (found.isEmpty()) {
            settings.reject("NGINX_ENVIRONMENT", "'" + asked + "' is no environment.", "Write dev, stage or prod.");
        }
        return found.orElse(usual);
    }
}
