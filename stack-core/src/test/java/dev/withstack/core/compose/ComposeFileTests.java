package dev.withstack.core.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.Data;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Dependency.Condition;
import dev.withstack.core.model.Endpoint;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.FileMount;
import dev.withstack.core.model.Hardening;
import dev.withstack.core.model.Limits;
import dev.withstack.core.model.LogRotation;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Problem;
import dev.withstack.core.model.RestartPolicy;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Setup;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.StopPolicy;
import dev.withstack.core.model.Value;
import dev.withstack.core.model.VolumeMount;
import dev.withstack.core.profile.Profiles;
import dev.withstack.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Compose file says is what the definition says. */
class ComposeFileTests {
    @TempDir
    Path directory;

    private Settings settings = Settings.none(Environment.DEV);

    private StackDefinition read(String... texts) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String text : texts) {
            files.add(Files.writeString(directory.resolve("compose" + files.size() + ".yaml"), text));
        }
        return Profiles.load(ComposeFile.of(files, settings), settings);
    }

    private Service service(String... lines) throws IOException {
        return read("services:\n  it:\n    image: nginx\n    " + String.join("\n    ", lines) + "\n")
                .service("it");
    }

    private List<String> remarks() {
        return settings.remarks().stream().map(Problem::toString).toList();
    }

    @Test
    void portsWhenAVariableLeavesTheAddressEmptyAreThoseWithoutOne() throws IOException {
        assertThat(service("ports: [\"${BIND:-}:8443:443\"]").endpoints())
                .containsExactly(new Endpoint("tcp-443", 443, new Endpoint.Fixed("127.0.0.1", 8443)));
    }

    @Test
    void nameWhenNobodySaysItIsThatOfTheDirectory() throws IOException {
        Path shop = Files.createDirectories(directory.resolve("My_Shop.2"));
        Path file = Files.writeString(shop.resolve("compose.yaml"), "services: {}\n");

        assertThat(ComposeFile.of(List.of(file), settings).name()).isEqualTo("my-shop-2");
        Files.writeString(file, "name: ${WHAT:-market}\nservices: {}\n");
        assertThat(ComposeFile.of(List.of(file), settings).name()).isEqualTo("market");
        assertThat(ComposeFile.of(
                                List.of(file), Settings.of(Environment.DEV, Map.of("COMPOSE_PROJECT_NAME", "another")))
                        .name())
                .isEqualTo("another");
    }

    @Test
    void serviceWhenMuchIsSaidKeepsIt() throws IOException {
        Service it = service(
                "command: serve --title 'two words'",
                "entrypoint: [\"/entry\", \"-x\"]",
                "working_dir: /work",
                "hostname: box",
                "init: true",
                "user: \"1000:1000\"",
                "read_only: true",
                "tmpfs: [/tmp]",
                "cap_drop: [ALL]",
                "cap_add: [NET_BIND_SERVICE]",
                "security_opt: [\"no-new-privileges:true\", \"seccomp:unconfined\"]",
                "restart: always",
                "stop_grace_period: 1m30s",
                "stop_signal: SIGINT",
                "extra_hosts: [\"host.docker.internal:host-gateway\"]",
                "labels: {who: me}",
                "sysctls: [net.core.somaxconn=1024]",
                "ulimits: {nofile: {soft: 1, hard: 2}}",
                "shm_size: 64m",
                "logging: {options: {max-size: 10m, max-file: 3}}",
                "deploy: {resources: {limits: {cpus: '0.5', memory: 256M}, reservations: {memory: 64M}}}");

        assertThat(it.command()).containsExactly("serve", "--title", "two words");
        assertThat(it.setup())
                .isEqualTo(Setup.NONE
                        .entryPoint(List.of("/entry", "-x"))
                        .directory("/work")
                        .hostName("box")
                        .feature(Setup.Feature.INIT)
                        .host("host.docker.internal", "host-gateway")
                        .label("who", "me")
                        .sysctl("net.core.somaxconn", "1024")
                        .ulimit("nofile", new Setup.Ulimit(1, 2))
                        .sharedMemory("64m")
                        .securityOption("seccomp=unconfined"));
        assertThat(it.hardening())
                .isEqualTo(Hardening.NONE
                        .user("1000:1000")
                        .readOnlyRoot()
                        .tmpfs("/tmp")
                        .dropAllCapabilities()
                        .addCapability("NET_BIND_SERVICE")
                        .noNewPrivileges());
        assertThat(it.restartPolicy()).isEqualTo(RestartPolicy.UNLESS_STOPPED);
        assertThat(it.stopPolicy()).isEqualTo(new StopPolicy("SIGINT", Duration.ofSeconds(90)));
        assertThat(it.logRotation()).contains(new LogRotation("10m", 3));
        assertThat(it.limits()).isEqualTo(Limits.NONE.cpus(0.5).memory("256m").reservedMemory("64m"));
        assertThat(remarks()).isEmpty();
    }

    @Test
    void portsWhenWrittenShortOrLongArePublishedToThisMachineUnlessAskedOtherwise() throws IOException {
        Service it = service(
                "ports:",
                "  - \"8080:80\"",
                "  - \"0.0.0.0:8443:443\"",
                "  - \"9000\"",
                "  - \"7000-7001:7000-7001\"",
                "  - {target: 81, published: \"8081\", host_ip: 127.0.0.1, name: admin}",
                "  - \"5000:5000/udp\"",
                "expose: [80, \"90\"]");

        assertThat(it.endpoints())
                .containsExactly(
                        new Endpoint("tcp-80", 80, new Endpoint.Fixed("127.0.0.1", 8080)),
                        new Endpoint("tcp-443", 443, new Endpoint.Fixed("0.0.0.0", 8443)),
                        new Endpoint("tcp-9000", 9000, new Endpoint.AnyFree("127.0.0.1")),
                        new Endpoint("tcp-7000", 7000, new Endpoint.Fixed("127.0.0.1", 7000)),
                        new Endpoint("tcp-7001", 7001, new Endpoint.Fixed("127.0.0.1", 7001)),
                        new Endpoint("admin", 81, new Endpoint.Fixed("127.0.0.1", 8081)),
                        new Endpoint("tcp-90", 90, new Endpoint.Hidden()));
        assertThat(it.setup().datagrams()).containsExactly(new Setup.Datagrams("127.0.0.1", 5000, 5000));
        assertThat(it.probe()).contains(new Probe.Inferred("tcp-80"));
        assertThat(remarks())
                .containsExactly(
                        "compose0.yaml:4:5: ports are published to this machine alone, not to its network as Compose does."
                                + " Write 0.0.0.0 in front of those that others may reach.");
    }

    @Test
    void healthWhenAServiceHasACheckIsAskedInTheContainer() throws IOException {
        Service it = service(
                "healthcheck: {test: [CMD, curl, -f, \"http://localhost\"], interval: 5s, retries: 7}",
                "ports: [\"80\"]");

        assertThat(it.probe()).contains(new Probe.Command(List.of("curl", "-f", "http://localhost")));
        assertThat(it.containerCheck()).hasValueSatisfying(check -> {
            assertThat(check.interval()).hasSeconds(5);
            assertThat(check.timeout()).hasSeconds(30);
            assertThat(check.retries()).isEqualTo(7);
        });
        assertThat(service("healthcheck: {test: exit 0 || true}").probe())
                .contains(new Probe.Command(List.of("/bin/sh", "-c", "exit 0 || true")));
        assertThat(service("healthcheck: {disable: true}").containerCheck()).isEmpty();
        assertThat(service("healthcheck: {test: [NONE]}").probe()).isEmpty();
    }

    @Test
    void serverWhenItIsKnownHasTheProbeAndTheDataOfTheCatalogue() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  db:
                    image: postgres:16
                    environment: {POSTGRES_PASSWORD: hidden, POSTGRES_USER: shop}
                    ports: ["5433:5432"]
                  cache: {image: "docker.io/library/redis:7-alpine"}
                  locked: {image: redis, command: redis-server --requirepass hidden}
                  objects:
                    image: quay.io/minio/minio
                    command: server /data
                """);

        Service db = stack.service("db");
        assertThat(db.probe())
                .contains(new Probe.PostgresLogin("", Value.text("shop"), Value.secret("hidden"), "shop"));
        assertThat(db.data()).containsInstanceOf(Data.Postgres.class);
        assertThat(db.endpoint("").publication()).isEqualTo(new Endpoint.Fixed("127.0.0.1", 5433));
        assertThat(db.source()).isEqualTo(new Source.Image("postgres:16"));
        assertThat(stack.service("cache").probe()).containsInstanceOf(Probe.RedisPing.class);
        assertThat(stack.service("locked").data()).isEmpty();
        assertThat(stack.service("objects").probe()).containsInstanceOf(Probe.OfImage.class);
    }

    @Test
    void dependenciesWhenConditionsAreSaidKeepThem() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  api:
                    image: api
                    depends_on:
                      db: {condition: service_healthy, restart: true}
                      migrate: {condition: service_completed_successfully}
                      mail: {condition: service_started, required: false}
                  db: {image: mysql, expose: [3306]}
                  migrate: {image: api, depends_on: [db]}
                  mail: {image: mail, profiles: [extras]}
                """);

        assertThat(stack.service("api").dependencies())
                .containsExactly(
                        Dependency.together(Dependency.healthy("db")),
                        Dependency.completed("migrate"),
                        Dependency.optional(new Dependency("mail", Condition.STARTED)));
        assertThat(stack.service("migrate").isOneShot()).isTrue();
        assertThat(stack.service("db").probe()).contains(new Probe.Inferred("tcp-3306"));
        assertThat(stack.service("mail").starts()).isEqualTo(Service.Starts.ON_REQUEST);
        assertThat(stack.startedWithStack()).containsExactly("api", "db", "migrate");
    }

    @Test
    void profilesWhenAskedForStartTheirServices() throws IOException {
        String text = "services:\n  a: {image: a, profiles: [x]}\n  b: {image: b, profiles: [y]}\n  c: {image: c}\n";
        Path file = Files.writeString(directory.resolve("compose.yaml"), text);
        ComposeFile compose = ComposeFile.of(List.of(file), settings);

        assertThat(Profiles.load(compose.withProfiles(List.of("x")), settings).startedWithStack())
                .containsExactly("a", "c");
        assertThat(Profiles.load(compose.withProfiles(List.of("*")), settings).startedWithStack())
                .containsExactly("a", "b", "c");
        settings = Settings.of(Environment.DEV, Map.of("COMPOSE_PROFILES", "x,y"));
        assertThat(read(text).startedWithStack()).containsExactly("a", "b", "c");
    }

    @Test
    void mountsWhenWrittenShortOrLongAreWhatTheyAre() throws IOException {
        Files.createDirectories(directory.resolve("html"));
        Service it =
                read("""
                        services:
                          it:
                            image: nginx
                            volumes:
                              - data:/data
                              - data:/again:ro
                              - shared:/shared
                              - ./html:/html:ro
                              - ./made:/made
                              - /cache
                              - {type: tmpfs, target: /fast}
                              - {type: bind, source: ./html, target: /again/html}
                            configs: [{source: conf, target: /etc/it.conf}]
                            secrets: [key]
                        volumes:
                          data:
                          shared: {external: true}
                        configs:
                          conf: {content: "port=${PORT:-80}"}
                        secrets:
                          key: {file: ./key.txt}
                        """)
                        .service("it");

        assertThat(it.volumes())
                .containsExactly(
                        new VolumeMount("data", "/data"),
                        new VolumeMount("data", "/again").readOnly(),
                        new VolumeMount("shared", "/shared", VolumeMount.Naming.WHOLE),
                        new VolumeMount("it_cache", "/cache"));
        assertThat(it.files())
                .containsExactly(
                        new FileMount.Bound("./html", "/html", FileMount.Access.READ_ONLY),
                        new FileMount.Bound("./made", "/made", FileMount.Access.OUTPUT),
                        new FileMount.Bound("./html", "/again/html", FileMount.Access.READ_WRITE),
                        new FileMount.FromProject("./key.txt", "/run/secrets/key", List.of()),
                        new FileMount.Generated("/etc/it.conf", Map.of("", Value.text("port=80"))));
        assertThat(it.hardening().tmpfs()).containsExactly("/fast");
    }

    @Test
    void volumeWhenItSaysHowItIsMadeKeepsTheDriverAndItsOptions() throws IOException {
        Service it =
                read("""
                        services:
                          it:
                            image: it
                            volumes: ["share:/share", "here:/here:ro", "other:/other"]
                        volumes:
                          share: {driver: local, driver_opts: {type: nfs, o: "addr=192.0.2.7,rw", device: ":/share"}}
                          here: {driver_opts: {type: none, o: bind, device: ./here}}
                          other: {driver: rclone, name: elsewhere}
                        """)
                        .service("it");

        assertThat(it.volumes())
                .containsExactly(
                        new VolumeMount("share", "/share")
                                .madeBy(new VolumeMount.Driver(
                                        "local", Map.of("type", "nfs", "o", "addr=192.0.2.7,rw", "device", ":/share"))),
                        new VolumeMount("here", "/here")
                                .madeBy(new VolumeMount.Driver(
                                        "local", Map.of("type", "none", "o", "bind", "device", "./here")))
                                .readOnly(),
                        new VolumeMount("elsewhere", "/other", VolumeMount.Naming.WHOLE)
                                .madeBy(new VolumeMount.Driver("rclone", Map.of())));
        assertThatThrownBy(
                        () -> read(
                                """
                        services: {it: {image: it, volumes: ["data:/data"]}}
                        volumes: {data: {external: true, driver: rclone}}
                        """))
                .hasMessageContaining(
                        "compose0.yaml:2:34: the volume 'data' is external, and so is made by somebody else.");
    }

    @Test
    void buildWhenTheDockerfileStandsInTheFileIsMadeByThat() throws IOException {
        Service it =
                service("build:", "  context: ./src", "  dockerfile_inline: |", "    FROM base", "    COPY . /srv");

        assertThat(it.source())
                .isEqualTo(new Source.Build("./src", "Dockerfile", "", Map.of(), "nginx")
                        .inline("FROM base\nCOPY . /srv\n"));
        assertThatThrownBy(() -> service("build: {dockerfile: Other, dockerfile_inline: FROM base}"))
                .hasMessageContaining("'dockerfile' and 'dockerfile_inline' are two answers to one question.");
    }

    @Test
    void readinessWhenNobodyHasSaidHowItShowsIsLeftToTheImage() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  awaited: {image: a}
                  other: {image: o, depends_on: {awaited: {condition: service_healthy}}}
                  off: {image: f, healthcheck: {disable: true}}
                """);

        assertThat(stack.service("awaited").probe()).contains(new Probe.OfImage(Probe.OfImage.Otherwise.NOTHING));
        assertThat(stack.service("other").probe()).contains(new Probe.OfImage(Probe.OfImage.Otherwise.WHATEVER_RUNS));
        assertThat(stack.service("off").probe()).isEmpty();
    }

    @Test
    void environmentWhenItComesFromManyPlacesIsWhatComposeMakesOfIt() throws IOException {
        settings = Settings.of(Environment.DEV, Map.of("FROM_OUTSIDE", "outside", "API_TOKEN", "very-secret"));
        Files.writeString(directory.resolve("one.env"), "A=file\nB=file\n");
        Service it = service(
                "env_file: [one.env, {path: missing.env, required: false}]",
                "environment:",
                "  - B=own",
                "  - FROM_OUTSIDE",
                "  - UNKNOWN",
                "  - API_TOKEN",
                "  - URL=http://${HOST:-localhost}:$${PORT}/${FROM_OUTSIDE:+x}");

        assertThat(it.environment())
                .containsExactly(
                        Map.entry("A", Value.text("file")),
                        Map.entry("B", Value.text("own")),
                        Map.entry("FROM_OUTSIDE", Value.text("outside")),
                        Map.entry("API_TOKEN", Value.secret("very-secret")),
                        Map.entry("URL", Value.text("http://localhost:${PORT}/x")));
        assertThat(settings.redaction().apply("it says very-secret")).isEqualTo("it says ***");
    }

    @Test
    void networksWhenDeclaredKeepTheirMembers() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  web: {image: a, networks: [front_net, back]}
                  api: {image: a, networks: {back: {aliases: [server]}}}
                  job: {image: a}
                networks:
                  front_net:
                  back: {name: shared-back}
                  unused:
                """);

        assertThat(stack.networks()).hasSize(3).contains("shared-back");
        assertThat(stack.service("web").networks()).containsExactly("front-net", "back");
        assertThat(stack.service("api").aliases()).containsExactly("server");
        assertThat(stack.service("job").networks()).containsExactly("default");
    }

    @Test
    void overridesWhenLaidOverTheFirstAreMergedAsTheSpecificationSays() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  api:
                    image: api:1
                    command: [serve]
                    environment: [A=1, B=1]
                    ports: ["8000:8000", "9000:9000"]
                    volumes: ["data:/data", "./conf:/conf:ro"]
                    labels: {a: x}
                    cap_add: [A]
                  old: {image: old}
                volumes: {data: , more: }
                """,
                """
                services:
                  api:
                    image: api:2
                    command: [serve, --debug]
                    environment: {B: 2, C: 2}
                    ports: !override ["8001:8000"]
                    volumes: ["more:/data"]
                    labels: !reset null
                    cap_add: [A, B]
                  old: !reset null
                """);

        Service api = stack.service("api");
        assertThat(stack.services()).containsOnlyKeys("api");
        assertThat(api.source()).isEqualTo(new Source.Image("api:2"));
        assertThat(api.command()).containsExactly("serve", "--debug");
        assertThat(api.environment().values()).containsExactly(Value.text("1"), Value.text("2"), Value.text("2"));
        assertThat(api.endpoints())
                .containsExactly(new Endpoint("tcp-8000", 8000, new Endpoint.Fixed("127.0.0.1", 8001)));
        assertThat(api.volumes()).containsExactly(new VolumeMount("more", "/data"));
        assertThat(api.files()).hasSize(1);
        assertThat(api.setup().labels()).isEmpty();
        assertThat(api.hardening().added()).containsExactly("A", "B");
    }

    @Test
    void namesWhenTheyAreNotOursAreAliases() throws IOException {
        StackDefinition stack = read(
                """
                services:
                  My_DB: {image: mysql, container_name: db-1}
                  web: {image: web, depends_on: [My_DB], links: ["My_DB:database"]}
                """);

        assertThat(stack.services()).containsOnlyKeys("my-db", "web");
        assertThat(stack.service("my-db").aliases()).containsExactly("My_DB", "db-1", "database");
        assertThat(stack.service("web").dependencies()).containsExactly(new Dependency("my-db", Condition.STARTED));
    }

    @Test
    void replicasWhenThereAreSeveralAnswerToOneName() throws IOException {
        StackDefinition stack = read("services:\n  worker: {image: w, deploy: {replicas: 3}, expose: [80]}\n");

        assertThat(stack.services()).containsOnlyKeys("worker-1", "worker-2", "worker-3");
        assertThat(stack.service("worker-2").aliases()).containsExactly("worker");
    }

    @Test
    void fileWhenItIsBoundForWritingIsACopyUnderTest() throws IOException {
        Files.writeString(directory.resolve("init.sql"), "SELECT 1");
        settings = Settings.none(Environment.TEST);

        assertThat(service("volumes: [\"./init.sql:/docker-entrypoint-initdb.d/init.sql\"]")
                        .files())
                .containsExactly(
                        new FileMount.FromProject("./init.sql", "/docker-entrypoint-initdb.d/init.sql", List.of()));
    }

    @Test
    void settingsWhenTheyStandInFilesMoveNothingThatTheFileDoesNot() throws IOException {
        Path file = Files.writeString(
                directory.resolve("compose.yaml"), "services:\n  redis: {image: \"redis:${REDIS_IMAGE:-7}\"}\n");
        Files.writeString(directory.resolve(".env"), "REDIS_PORT=6379\nREDIS_IMAGE=6\n");

        Service fromFile = ComposeFile.read(file).service("redis");
        Settings set = Settings.read(Environment.DEV, directory, Map.of(), Map.of("REDIS_PORT", "6380"));
        Service moved = Profiles.load(ComposeFile.of(List.of(file), set), set).service("redis");

        assertThat(fromFile.source()).isEqualTo(new Source.Image("redis:6"));
        assertThat(fromFile.endpoint("").publication()).isEqualTo(new Endpoint.Hidden());
        assertThat(moved.endpoint("").publication()).isEqualTo(new Endpoint.Fixed("127.0.0.1", 6380));
    }

    @Test
    void keysWhenTheyHaveNoEffectAreRemarked() throws IOException {
        service("pull_policy: always", "x-mine: 1", "platform: linux/amd64");

        assertThat(remarks())
                .containsExactly(
                        "compose0.yaml:4:5: 'pull_policy' has no effect: an image that is missing is pulled, one that is"
                                + " there is used.",
                        "compose0.yaml:6:5: 'platform' has no effect: the image is taken as the engine has it.");
    }
}
