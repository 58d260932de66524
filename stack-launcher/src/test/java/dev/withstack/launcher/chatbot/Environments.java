package dev.withstack.launcher.chatbot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.FreePorts;
import dev.withstack.launcher.scenario.Launcher;
import dev.withstack.launcher.scenario.LiveRun;
import dev.withstack.launcher.scenario.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** dev, stage and prod at the same time on one base, which all chapters of {@link EnvironmentsIT} share. */
abstract class Environments {
    static final Duration LONGEST = Duration.ofMinutes(15);

    static final Duration SOON = Duration.ofMinutes(3);

    static final List<String> ALL = List.of("dev", "stage", "prod");

    static final List<String> BASE = List.of("postgres", "redis", "qdrant", "minio", "prometheus", "grafana", "nginx");

    static final Launcher launcher = Launcher.of("chatbot", "shia-chatbot").onBase();

    static final Map<String, Integer> PORTS = new LinkedHashMap<>();

    static LiveRun prod;

    static String image;

    static void bringUp() throws Exception {
        writeProject();
        Run dev = begin("dev").await(LONGEST);
        assertThat(dev.exitCode()).as(dev.toString()).isZero();
        image = Docker.inspect(container("dev", "app")).text("Config", "Image");
        LiveRun stage = begin("stage");
        prod = begin("prod");
        assertThat(stage.await(LONGEST).exitCode()).as(stage.printed()).isZero();
        prod.awaitOutput("Ctrl-C leaves it running", LONGEST);
    }

    static void close() {
        if (prod != null) {
            prod.close();
        }
    }

    static LiveRun begin(String environment) throws IOException {
        LiveRun run = launcher.begin(environment, "chatbot", "--timeout", "10m");
        run.input().close();
        return run;
    }

    static Run run(String... arguments) throws IOException, InterruptedException {
        try (LiveRun run = launcher.begin(arguments)) {
            run.input().close();
            return run.await(LONGEST);
        }
    }

    private static void writeProject() throws IOException, InterruptedException {
        launcher.inCopyOfSample("chatbot");
        Run init = launcher.run("init", "chatbot");
        assertThat(init.exitCode()).as(init.toString()).isZero();
        assertThat(launcher.project().resolve(".env"))
                .content()
                .contains("\nNGINX_CERTIFICATE=certs/nginx.crt\n", "\nNGINX_CERTIFICATE_KEY=certs/nginx.key\n");
        PORTS.clear();
        int next = FreePorts.inARow(16);
        for (String setting : List.of(
                "POSTGRES_PORT",
                "REDIS_PORT",
                "QDRANT_PORT",
                "QDRANT_GRPC_PORT",
                "MINIO_PORT",
                "MINIO_CONSOLE_PORT",
                "PROMETHEUS_PORT",
                "GRAFANA_PORT",
                "NGINX_PORT",
                "NGINX_HTTPS_PORT")) {
            PORTS.put(setting, next++);
        }
        List<String> shared = new ArrayList<>(List.of(
                "SECRET_KEY=secret-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1",
                "OPENROUTER_API_KEY=sk-or-Wy5uG8eKq2Zn7Vh4Tx9Mr6Cs3Bd1Fa0",
                "POSTGRES_PASSWORD=pgpassword-Lp4oI9uY3tR7eW2q",
                "MINIO_ROOT_PASSWORD=miniopassword-Zx8cV5bN1mK6",
                "GRAFANA_ADMIN_PASSWORD=grafana-Xw8cV5bN1mK6",
                "NGINX_CERTIFICATE=certs/nginx.crt",
                "NGINX_CERTIFICATE_KEY=certs/nginx.key",
                "LANGFUSE_HOST=https://langfuse.example.com"));
        PORTS.forEach((setting, port) -> shared.add(setting + "=" + port));
        launcher.dotEnv(shared.toArray(String[]::new));
        for (String environment : ALL) {
            PORTS.put(environment + " app", next++);
            PORTS.put(environment + " flower", next++);
            List<String> own = new ArrayList<>(List.of(
                    "APP_PORT=" + PORTS.get(environment + " app"),
                    "FLOWER_PORT=" + PORTS.get(environment + " flower")));
            if (!environment.equals("dev")) {
                own.add("SECRET_KEY=" + environment + "-Qz7vT2mXw9Lk4Rf8Hs6Jd3Pb5Nc1x");
            }
            Files.write(launcher.project().resolve(".env." + environment), own);
        }
    }

    static int app(String environment) {
        return PORTS.get(environment + " app");
    }

    static String container(String environment, String service) {
        return launcher.prefix(environment) + "-" + service;
    }

    /** Return the container that the service's program runs in: in prod the application stands behind an entry. */
    static String program(String environment, String service) {
        return container(environment, environment.equals("prod") && service.equals("app") ? "app-1" : service);
    }

    static String ofBase(String service) {
        return launcher.basePrefix() + "-" + service;
    }

    static Map<String, Object> chat(String environment, String message) throws IOException {
        Http.Answer answer =
                Http.post(app(environment), "/api/v1/chat", "{\"message\": \"" + message + "\", \"author\": \"it\"}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    static Object messages(String environment) throws IOException {
        return Http.get(app(environment), "/api/v1/messages").json().get("count");
    }

    static String psql(String database, String statement) {
        return Docker.run("exec", ofBase("postgres"), "psql", "-U", "postgres", "-d", database, "-qtAc", statement);
    }

    static String inBase(String service, String... command) {
        List<String> words = new ArrayList<>(List.of("exec", ofBase(service)));
        words.addAll(List.of(command));
        return Docker.run(words.toArray(String[]::new));
    }

    static String suffix(String prefix) {
        return prefix.substring("shia-chatbot-".length());
    }
}
