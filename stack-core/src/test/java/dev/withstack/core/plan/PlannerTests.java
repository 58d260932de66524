package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Dependency;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What will be done and why, as it is shown to people. */
class PlannerTests {
    private static final StackDefinition FROSTBYTE = frostbyte(Postgres.service("postgres"));

    private static StackDefinition frostbyte(Postgres server) {
        Redis redis = Redis.service("redis").hostPort(6379).data("redis_data");
        Postgres postgres = server.hostPort(5433).database("frostbyte").data("postgres_data");
        Minio minio = Minio.service("minio")
                .hostPort("s3", 9000)
                .hostPort("console", 9001)
                .data("minio_data");
        Qdrant qdrant = Qdrant.service("qdrant").data("qdrant_data");
        Service api = Service.built("pipeline-api", "pipeline")
                .port("http", 8000)
                .env("POSTGRES_URL", postgres.url("postgresql"))
                .env("REDIS_URL", redis.url())
                .env("MINIO_ENDPOINT", minio.url())
                .env("QDRANT_URL", qdrant.url())
                .probe(Probe.http("/health"));
        return StackDefinition.of("frostbyte", Environment.DEV)
                .add(redis, postgres, minio, qdrant, api)
                .add(Service.built("admin-dashboard", "packages/admin-dashboard")
                        .port("http", 5174)
                        .needs(api)
                        .probe(Probe.http("/admin/")))
                .build();
    }

    @Test
    void upWhenNothingIsThereCreatesAndStartsEverything() {
        assertThat(Snapshot.nothing(FROSTBYTE).up().text())
                .isEqualTo(
                        """
                          1  create network frostbyte-dev           not found
                          2  create volume frostbyte_redis_data     not found
                          3  create redis                           not found  after 1, 2
                          4  start redis                            not found  after 3
                          5  await redis                            started  after 4
                          6  create volume frostbyte_postgres_data  not found
                          7  create postgres                        not found  after 1, 6
                          8  start postgres                         not found  after 7
                          9  await postgres                         started  after 8
                         10  create volume frostbyte_minio_data     not found
                         11  create minio                           not found  after 1, 10
                         12  start minio                            not found  after 11
                         13  await minio                            started  after 12
                         14  create volume frostbyte_qdrant_data    not found
                         15  create qdrant                          not found  after 1, 14
                         16  start qdrant                           not found  after 15
                         17  await qdrant                           started  after 16
                         18  create pipeline-api                    not found  after 1
                         19  start pipeline-api                     not found  after 5, 9, 13, 17, 18
                         20  await pipeline-api                     started  after 19
                         21  create admin-dashboard                 not found  after 1
                         22  start admin-dashboard                  not found  after 20, 21
                         23  await admin-dashboard                  started  after 22
                        """);
    }

    @Test
    void upWhenAllRunsChangesNothing() {
        Plan plan = Snapshot.running(FROSTBYTE).up();

        assertThat(plan.changes()).isEmpty();
        assertThat(plan.text())
                .isEqualTo(
                        """
                        Nothing to change.
                          1  await redis            running, unchanged
                          2  await postgres         running, unchanged
                          3  await minio            running, unchanged
                          4  await qdrant           running, unchanged
                          5  await pipeline-api     running, unchanged
                          6  await admin-dashboard  running, unchanged
                        """);
    }

    @Test
    void upWhenASettingIsAnotherRecreatesJustWhatItTouches() {
        StackDefinition changed = FROSTBYTE.map(
                service -> service.name().equals("postgres") ? service.env("POSTGRES_DB", "other") : service);

        assertThat(Planner.up(changed, all(), Snapshot.running(FROSTBYTE).observed())
                        .text())
                .isEqualTo(
                        """
                          1  await redis               running, unchanged
                          2  stop postgres             config changed: env POSTGRES_DB
                          3  set postgres aside        config changed: env POSTGRES_DB  after 2
                          4  create postgres           config changed: env POSTGRES_DB  after 3
                          5  start postgres            config changed: env POSTGRES_DB  after 4
                          6  await postgres            started  after 5
                          7  await minio               running, unchanged
                          8  await qdrant              running, unchanged
                          9  await pipeline-api        running, unchanged  after 6
                         10  await admin-dashboard     running, unchanged
                         11  remove replaced postgres  all is ready  after 1, 7, 8, 9, 10
                        """);
    }

    @Test
    void upWhenAPasswordIsAnotherRecreatesAllThatReadIt() {
        StackDefinition changed =
                frostbyte(Postgres.service("postgres").password(dev.withstack.core.model.Value.secret("other")));

        assertThat(Planner.up(changed, all(), Snapshot.running(FROSTBYTE).observed())
                        .text())
                .contains(
                        "create postgres               config changed: env POSTGRES_PASSWORD ",
                        "create pipeline-api           config changed: env POSTGRES_URL ")
                .doesNotContain("create admin-dashboard", "create redis", "other");
    }

    @Test
    void upWhenAnImageIsAnotherRecreatesWhatRunsFromIt() {
        ImageUse newer =
                new ImageUse("redis:7-alpine", "redis:7-alpine", "another id", ImageUse.Standing.UPSTREAM, "", "");

        assertThat(up(Snapshot.running(FROSTBYTE).image("redis", newer), "redis"))
                .isEqualTo(
                        """
                          1  stop redis             image changed: redis:7-alpine
                          2  set redis aside        image changed: redis:7-alpine  after 1
                          3  create redis           image changed: redis:7-alpine  after 2
                          4  start redis            image changed: redis:7-alpine  after 3
                          5  await redis            started  after 4
                          6  remove replaced redis  all is ready  after 5
                        """);
    }

    @Test
    void upWhenTheSourceIsAnotherBuildsAndRecreates() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE).missingImage("pipeline-api");

        assertThat(snapshot.up().text())
                .isEqualTo(
                        """
                          1  build pipeline-api from pipeline/  not built from this source
                          2  await redis                        running, unchanged
                          3  await postgres                     running, unchanged
                          4  await minio                        running, unchanged
                          5  await qdrant                       running, unchanged
                          6  stop pipeline-api                  image changed
                          7  set pipeline-api aside             image changed  after 6
                          8  create pipeline-api                image changed  after 1, 7
                          9  start pipeline-api                 image changed  after 2, 3, 4, 5, 8
                         10  await pipeline-api                 started  after 9
                         11  await admin-dashboard              running, unchanged  after 10
                         12  remove replaced pipeline-api       all is ready  after 11
                        """);
        assertThat(snapshot.up().images().text())
                .isEqualTo("  1  build pipeline-api from pipeline/  not built from this source\n");
    }

    @Test
    void upWhenAStartWasEndedInTheMiddleReplacesAndRemovesWhatWasSetAside() {
        assertThat(up(Snapshot.running(FROSTBYTE).aside("redis"), "redis"))
                .isEqualTo(
                        """
                          1  create redis           not found
                          2  start redis            not found  after 1
                          3  await redis            started  after 2
                          4  remove replaced redis  all is ready  after 3
                        """);
    }

    @Test
    void upWhenAStartWasEndedWithTheNewOneRunningOnlyRemovesWhatWasSetAside() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE).aside("redis").container(FROSTBYTE.service("redis"));

        assertThat(up(snapshot, "redis"))
                .isEqualTo(
                        """
                          1  await redis            running, unchanged
                          2  remove replaced redis  all is ready  after 1
                        """);
    }

    @Test
    void upWhenWhatReplacedIsItselfReplacedKeepsTheOneThatHadProvenItself() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE)
                .aside("redis")
                .container(FROSTBYTE.service("redis").env("NEW", "1"));

        assertThat(up(snapshot, "redis"))
                .isEqualTo(
                        """
                          1  stop redis             config changed: env NEW (gone)
                          2  remove redis           config changed: env NEW (gone)  after 1
                          3  create redis           config changed: env NEW (gone)  after 2
                          4  start redis            config changed: env NEW (gone)  after 3
                          5  await redis            started  after 4
                          6  remove replaced redis  all is ready  after 5
                        """);
    }

    @Test
    void upWhenOthersAreAsideLeavesThemToAStartOfTheirOwn() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE).aside("redis");

        assertThat(up(snapshot, "minio")).startsWith("Nothing to change.");
    }

    @Test
    void upWhenImagesAreMissingPullsThemFirst() {
        Plan plan = Snapshot.nothing(FROSTBYTE)
                .missingImage("redis")
                .missingImage("qdrant")
                .up(List.of("redis"));

        assertThat(plan.text())
                .isEqualTo(
                        """
                          1  pull image redis:7-alpine           not present
                          2  create network frostbyte-dev        not found
                          3  create volume frostbyte_redis_data  not found
                          4  create redis                        not found  after 1, 2, 3
                          5  start redis                         not found  after 4
                          6  await redis                         started  after 5
                        """);
    }

    @Test
    void upWhenItWasCreatedButNeverStartedStartsIt() {
        assertThat(up(Snapshot.running(FROSTBYTE).state("redis", Observed.State.CREATED, 0), "redis"))
                .isEqualTo(
                        """
                          1  start redis  created, never started
                          2  await redis  started  after 1
                        """);
    }

    @Test
    void upWhenItHasExitedStartsItAndSaysHow() {
        assertThat(up(Snapshot.running(FROSTBYTE).state("redis", Observed.State.EXITED, 137), "redis"))
                .startsWith("  1  start redis  exited 137\n");
        assertThat(up(Snapshot.running(FROSTBYTE).state("redis", Observed.State.EXITED, 0), "redis"))
                .startsWith("  1  start redis  stopped\n");
    }

    @Test
    void upWhenItIsPausedOrDeadOrRestartingDoesWhatItNeeds() {
        assertThat(up(Snapshot.running(FROSTBYTE).state("redis", Observed.State.PAUSED, 0), "redis"))
                .startsWith("  1  start redis  paused\n");
        assertThat(up(Snapshot.running(FROSTBYTE).state("redis", Observed.State.RESTARTING, 1), "redis"))
                .isEqualTo("Nothing to change.\n  1  await redis  running, unchanged\n");
        assertThat(up(Snapshot.running(FROSTBYTE).state("redis", Observed.State.DEAD, 1), "redis"))
                .isEqualTo(
                        """
                          1  stop redis    dead
                          2  remove redis  dead  after 1
                          3  create redis  dead  after 2
                          4  start redis   dead  after 3
                          5  await redis   started  after 4
                        """);
    }

    @Test
    void upWhenAContainerWasRemovedByHandMakesThatOneAgain() {
        assertThat(Snapshot.running(FROSTBYTE).without("minio").up().text())
                .isEqualTo(
                        """
                          1  await redis            running, unchanged
                          2  await postgres         running, unchanged
                          3  create minio           not found
                          4  start minio            not found  after 3
                          5  await minio            started  after 4
                          6  await qdrant           running, unchanged
                          7  await pipeline-api     running, unchanged  after 5
                          8  await admin-dashboard  running, unchanged
                        """);
    }

    @Test
    void upWhenTheNetworkWasRemovedByHandMakesWhatWasOnItAgain() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE)
                .state("redis", Observed.State.EXITED, 0)
                .withoutNetwork();

        assertThat(up(snapshot, "redis"))
                .isEqualTo(
                        """
                          1  create network frostbyte-dev  not found
                          2  remove redis                  its network frostbyte-dev is gone
                          3  create redis                  its network frostbyte-dev is gone  after 1, 2
                          4  start redis                   its network frostbyte-dev is gone  after 3
                          5  await redis                   started  after 4
                        """);
    }

    @Test
    void upWhenVolumesAreNotFitRefusesThemAll() {
        Snapshot snapshot = Snapshot.nothing(FROSTBYTE)
                .image("postgres", lineage("postgres:16-alpine", "postgres/16/real"))
                .image("qdrant", lineage("qdrant/qdrant", "qdrant/1/real"))
                .volume("redis_data", "", "")
                .volume("postgres_data", "frostbyte/dev", "postgres/15/real")
                .volume("minio_data", "other/dev", "minio/1/real")
                .volume("qdrant_data", "frostbyte/dev", "qdrant/1/stand-in");

        assertThatThrownBy(snapshot::up)
                .isInstanceOf(PlanRefusedException.class)
                .hasMessage(
                        """
                        Nothing was started:
                          - redis: volume 'frostbyte_redis_data' was not made by withstack. Start with --adopt to use it\
                         as it is, or rename it to keep it out of the way.
                          - postgres: volume 'frostbyte_postgres_data' was written by postgres 15, and this start would\
                         mount it to postgres 16 (postgres:16-alpine). Its data is untouched. Get it across by a dump\
                         taken under the old image (set POSTGRES_IMAGE), or begin afresh with: reset postgres
                          - minio: volume 'frostbyte_minio_data' belongs to other/dev. Give this stack's volume another\
                         name: two stacks never share one.
                          - qdrant: volume 'frostbyte_qdrant_data' was written by a stand-in for qdrant (1), and this\
                         start would mount it to qdrant 1 (qdrant/qdrant). Its data is untouched. Get it across by a dump\
                         taken under the old image (set QDRANT_IMAGE), or begin afresh with: reset qdrant""");
    }

    @Test
    void upWhenAVolumesLineageIsUnknownUsesIt() {
        Snapshot snapshot = Snapshot.nothing(FROSTBYTE)
                .image("postgres", lineage("postgres:16-alpine", "postgres/16/real"))
                .volume("postgres_data", "frostbyte/dev", "");

        assertThat(snapshot.up(List.of("postgres")).text()).doesNotContain("create volume");
    }

    @Test
    void upWhenPortsAreTakenSaysByWhomAndNothingIsStarted() {
        Snapshot snapshot = Snapshot.nothing(FROSTBYTE)
                .portTaken(6379, "process redis-server (pid 17)")
                .portTaken(9001, "container other-minio");

        assertThatThrownBy(snapshot::up)
                .isInstanceOf(PlanRefusedException.class)
                .hasMessage(
                        """
                        Nothing was started:
                          - redis: port 6379 is taken by process redis-server (pid 17). Stop that, set REDIS_PORT to\
                         another port, or start with --auto-ports.
                          - minio: port 9001 is taken by container other-minio. Stop that, set MINIO_CONSOLE_PORT to\
                         another port, or start with --auto-ports.""");
        assertThat(snapshot.up(List.of("postgres")).changes()).isNotEmpty();
    }

    @Test
    void upWhenServicesAreNamedPlansThemAndWhatTheyNeed() {
        assertThat(Snapshot.running(FROSTBYTE)
                        .without("pipeline-api")
                        .without("redis")
                        .up(List.of("pipeline-api"))
                        .steps())
                .extracting(planned -> planned.step().text())
                .containsExactly(
                        "create redis",
                        "start redis",
                        "await redis",
                        "await postgres",
                        "await minio",
                        "await qdrant",
                        "create pipeline-api",
                        "start pipeline-api",
                        "await pipeline-api");
    }

    @Test
    void upOnlyWhenItsNeedsRunWaitsForThemAndStartsItAlone() {
        assertThat(Snapshot.running(FROSTBYTE)
                        .without("pipeline-api")
                        .without("admin-dashboard")
                        .only("pipeline-api")
                        .text())
                .isEqualTo(
                        """
                          1  await postgres       needed, not started here
                          2  await redis          needed, not started here
                          3  await minio          needed, not started here
                          4  await qdrant         needed, not started here
                          5  create pipeline-api  not found
                          6  start pipeline-api   not found  after 1, 2, 3, 4, 5
                          7  await pipeline-api   started  after 6
                        """);
    }

    @Test
    void upOnlyWhenItsNeedsDoNotRunSaysWhichInTheOrderAsked() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE)
                .without("redis")
                .state("postgres", Observed.State.EXITED, 0)
                .without("pipeline-api");

        assertThatThrownBy(() -> snapshot.only("pipeline-api", "admin-dashboard"))
                .hasMessage(
                        """
                        Nothing was started:
                          - pipeline-api: needs 'postgres', which is not running and was not asked for. Start it first,\
                         or leave --only out.
                          - pipeline-api: needs 'redis', which is not running and was not asked for. Start it first, or\
                         leave --only out.""");
    }

    @Test
    void upOnlyWhenAStartedServiceIsNeededDoesNotWaitForItsReadiness() {
        Service db = Service.image("db", "db:1").port("sql", 1).probe(Probe.tcp());
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(db, Service.image("api", "api:1").needs(new Dependency("db", Dependency.Condition.STARTED)))
                .build();

        assertThat(Snapshot.running(definition).without("api").only("api").text())
                .doesNotContain("await db")
                .contains("start api");
    }

    @Test
    void upWhenTheConditionIsStartedWaitsForTheStartOnly() {
        Service db = Service.image("db", "db:1").port("sql", 1).probe(Probe.tcp());
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(db, Service.image("api", "api:1").needs(new Dependency("db", Dependency.Condition.STARTED)))
                .build();

        assertThat(Snapshot.nothing(definition).up().text())
                .isEqualTo(
                        """
                          1  create network shop-dev  not found
                          2  create db                not found  after 1
                          3  start db                 not found  after 2
                          4  await db                 started  after 3
                          5  create api               not found  after 1
                          6  start api                not found  after 3, 5
                          7  await api                started  after 6
                        """);
    }

    @Test
    void upWhenAServiceRunsElsewhereChecksItOnly() {
        StackDefinition definition =
                frostbyte(Postgres.service("postgres").external(new HostAndPort("10.1.2.3", 5433)));
        Snapshot snapshot = Snapshot.nothing(definition)
                .portTaken(5433, "process postgres (pid 17)")
                .volume("postgres_data", "", "");

        assertThat(snapshot.up(List.of("postgres")).text())
                .isEqualTo("Nothing to change.\n  1  await postgres  external\n");
        assertThat(snapshot.up(List.of("pipeline-api")).text())
                .contains("await postgres                       external\n")
                .doesNotContain("create postgres", "postgres_data");
    }

    @Test
    void upWhenAContainerNeedsWhatRunsOnTheLoopbackAddressRefusesIt() {
        StackDefinition definition =
                frostbyte(Postgres.service("postgres").external(new HostAndPort("localhost", 5433)));
        Snapshot snapshot = Snapshot.nothing(definition);

        assertThatThrownBy(() -> snapshot.up(List.of("pipeline-api")))
                .isInstanceOf(PlanRefusedException.class)
                .hasMessageContaining(
                        "pipeline-api: can't reach 'postgres' at localhost:5433: inside its container that is"
                                + " the container itself, not this host. Name 'postgres' by an address of this host that containers"
                                + " reach, leave its URL out to use the stack's own, or run 'pipeline-api' on this host.");
        assertThat(snapshot.up(List.of("postgres")).text()).contains("await postgres  external");
    }

    @Test
    void upWhenTwoServicesShareAVolumeCreatesItOnce() {
        StackDefinition definition = StackDefinition.of("shop", Environment.DEV)
                .add(
                        Service.image("a", "a:1").volume("shared", "/a"),
                        Service.image("b", "b:1").volume("shared", "/b"))
                .build();

        assertThat(Snapshot.nothing(definition).up().text())
                .isEqualTo(
                        """
                          1  create network shop-dev    not found
                          2  create volume shop_shared  not found
                          3  create a                   not found  after 1, 2
                          4  start a                    not found  after 3
                          5  await a                    started  after 4
                          6  create b                   not found  after 1, 2
                          7  start b                    not found  after 6
                          8  await b                    started  after 7
                        """);
    }

    @Test
    void upWhenAServiceIsNoLongerPartOfTheStackNotesIt() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE).container(Service.image("mailer", "mailer:1"));

        assertThat(up(snapshot, "redis"))
                .isEqualTo(
                        """
                        Nothing to change.
                          1  await redis  running, unchanged
                        note: 'mailer' is there but no longer part of the stack; 'down' removes it.
                        """);
    }

    @Test
    void upWhenPlannedAgainAndAgainIsTheSame() {
        String text = Snapshot.nothing(FROSTBYTE).up().text();

        for (int i = 0; i < 5; i++) {
            assertThat(Snapshot.nothing(frostbyte(Postgres.service("postgres")))
                            .up()
                            .text())
                    .isEqualTo(text);
        }
    }

    @Test
    void stopWhenAllRunsStopsDependantsFirst() {
        assertThat(DownPlanner.stop(Snapshot.running(FROSTBYTE).observed(), List.of())
                        .text())
                .isEqualTo(
                        """
                          1  stop admin-dashboard  stop
                          2  stop pipeline-api     stop  after 1
                          3  stop qdrant           stop  after 1, 2
                          4  stop minio            stop  after 1, 2
                          5  stop postgres         stop  after 1, 2
                          6  stop redis            stop  after 1, 2
                        """);
    }

    @Test
    void stopWhenOneBetweenHasEndedAlreadyStillKeepsTheOrder() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE).state("pipeline-api", Observed.State.EXITED, 0);

        assertThat(DownPlanner.stop(snapshot.observed(), List.of("redis", "admin-dashboard"))
                        .text())
                .isEqualTo(
                        """
                          1  stop admin-dashboard  stop
                          2  stop redis            stop  after 1
                        """);
    }

    @Test
    void stopWhenNothingRunsHasNothingToDo() {
        assertThat(DownPlanner.stop(Snapshot.nothing(FROSTBYTE).observed(), List.of())
                        .text())
                .isEqualTo("Nothing to change.\n");
    }

    @Test
    void downWhenAllIsMeantRemovesTheNetworkLast() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE)
                .without("minio")
                .without("qdrant")
                .without("pipeline-api")
                .without("admin-dashboard")
                .state("redis", Observed.State.EXITED, 0);

        assertThat(DownPlanner.down(snapshot.observed(), List.of(), List.of()).text())
                .isEqualTo(
                        """
                          1  stop postgres                 down
                          2  remove postgres               down  after 1
                          3  remove redis                  down
                          4  remove network frostbyte-dev  down  after 2, 3
                        """);
    }

    @Test
    void downWhenAStartWasEndedInTheMiddleRemovesWhatWasSetAsideToo() {
        Snapshot snapshot = Snapshot.nothing(FROSTBYTE)
                .network()
                .container(FROSTBYTE.service("redis"))
                .aside("redis")
                .container(FROSTBYTE.service("redis"));

        assertThat(DownPlanner.down(snapshot.observed(), List.of(), List.of("frostbyte_redis_data"))
                        .text())
                .isEqualTo(
                        """
                          1  stop redis                          down
                          2  remove redis                        down  after 1
                          3  remove replaced redis               down
                          4  remove volume frostbyte_redis_data  asked for by name  after 2, 3
                          5  remove network frostbyte-dev        down  after 2, 3
                        """);
        assertThat(DownPlanner.down(snapshot.observed(), List.of("minio"), List.of())
                        .steps())
                .isEmpty();
    }

    @Test
    void downWhenVolumesAreNamedRemovesThemBehindTheContainers() {
        Snapshot snapshot = Snapshot.running(FROSTBYTE);

        assertThat(DownPlanner.down(
                                snapshot.observed(),
                                List.of("redis", "admin-dashboard"),
                                List.of("frostbyte_redis_data"))
                        .text())
                .isEqualTo(
                        """
                          1  stop admin-dashboard                down
                          2  remove admin-dashboard              down  after 1
                          3  stop redis                          down  after 1
                          4  remove redis                        down  after 3
                          5  remove volume frostbyte_redis_data  asked for by name  after 2, 4
                        """);
    }

    @Test
    void removeWhenNoServiceIsNamedRemovesNone() {
        assertThat(DownPlanner.remove(Snapshot.running(FROSTBYTE).observed(), List.of(), List.of("v"))
                        .text())
                .isEqualTo("  1  remove volume v  asked for by name\n");
    }

    @Test
    void stopWhenContainersNeedEachOtherOpensTheCircle() {
        Service a = Service.image("a", "a:1");
        Service b = Service.image("b", "b:1");
        StackDefinition definition =
                StackDefinition.of("knot", Environment.DEV).add(a, b).build();
        Snapshot snapshot = Snapshot.nothing(definition)
                .network()
                .container(a.needs(Dependency.healthy("b")))
                .container(b.needs(Dependency.healthy("a")).needs(Dependency.healthy("b")));

        assertThat(DownPlanner.stop(snapshot.observed(), List.of()).steps()).hasSize(2);
    }

    private static String up(Snapshot snapshot, String service) {
        return snapshot.up(List.of(service)).text();
    }

    private static List<String> all() {
        return new ArrayList<>(FROSTBYTE.services().keySet());
    }

    private static ImageUse lineage(String image, String lineage) {
        return new ImageUse(image, image, "id of " + image, ImageUse.Standing.UPSTREAM, "", lineage);
    }
}
