package dev.withstack.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Declared;
import dev.withstack.core.model.Environment;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.core.model.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which data is the same each time a service begins, and what tells it from other data. */
class InitialDataTests {
    private static final String PATH = "/var/lib/postgresql/data";
    private static final ImageUse IMAGE = image("sha256:1");
    private static final Postgres DB = Postgres.service("db").data("data").initScript("1.sql", Value.text("SELECT 1"));

    @Test
    void ofWhenNothingButPortsAndPolicyDifferIsTheSame() {
        assertThat(key(Environment.DEV, DB.hostPort(5433)))
                .isEqualTo(key(Environment.DEV, DB))
                .isEqualTo(key(Environment.TEST, DB.withoutVolumes()));
    }

    static Stream<Declared<?>> others() {
        return Stream.of(
                DB.password(Value.secret("other")),
                DB.user("other"),
                DB.database("other"),
                DB.env("POSTGRES_INITDB_ARGS", "--data-checksums"),
                DB.command("postgres", "-c", "wal_level=logical"),
                DB.initScript("1.sql", Value.text("SELECT 2")),
                DB.initScript("2.sql", Value.text("SELECT 1")));
    }

    @ParameterizedTest
    @MethodSource("others")
    void ofWhenAnythingDiffersThatItFollowsFromIsAnother(Declared<?> other) {
        assertThat(key(Environment.DEV, other)).isNotEqualTo(key(Environment.DEV, DB));
    }

    @Test
    void ofWhenTheImageIsAnotherIsAnother() {
        assertThat(of(Environment.DEV, DB, image("sha256:2"), PATH)
                        .orElseThrow()
                        .key())
                .isNotEqualTo(key(Environment.DEV, DB));
    }

    @Test
    void ofWhenSecretsGoIntoItDoesNotTellThem() {
        assertThat(of(Environment.DEV, DB.password(Value.secret("open-sesame")), IMAGE, PATH)
                        .orElseThrow()
                        .toString())
                .doesNotContain("open-sesame");
    }

    @Test
    void ofWhenUnderTestHasAVolumeOfItsRun() {
        StackDefinition definition =
                definition(Environment.TEST, DB.withoutVolumes()).forRun("x1");

        assertThat(InitialData.of(definition, definition.service("db"), IMAGE, List.of(PATH)))
                .get()
                .extracting(InitialData::volume)
                .isEqualTo("shop_db-test-x1");
    }

    @Test
    void ofWhenItIsAReleaseIsNone() {
        assertThat(of(Environment.PROD, DB, IMAGE, PATH)).isEmpty();
        assertThat(of(Environment.STAGE, DB, IMAGE, PATH)).isEmpty();
    }

    @Test
    void ofWhenTheImageKeepsItsDataElsewhereIsNone() {
        assertThat(of(Environment.DEV, DB, IMAGE, "/var/lib/postgresql")).isEmpty();
        assertThat(of(Environment.DEV, DB, image(""), PATH)).isEmpty();
    }

    @Test
    void ofWhenItDependsOnWhatCannotBeSeenIsNone() {
        Redis cache = Redis.service("cache");

        assertThat(of(Environment.DEV, DB.bindReadOnly("sql", "/more"), IMAGE, PATH))
                .isEmpty();
        assertThat(of(Environment.DEV, DB.volume("more", "/more"), IMAGE, PATH)).isEmpty();
        assertThat(of(Environment.DEV, DB.withoutVolumes(), IMAGE, PATH)).isEmpty();
        StackDefinition withCache = StackDefinition.of("shop", Environment.DEV)
                .add(cache, DB.needs(cache))
                .build();
        assertThat(InitialData.of(withCache, withCache.service("db"), IMAGE, List.of(PATH)))
                .isEmpty();
    }

    private static String key(Environment environment, Declared<?> service) {
        return of(environment, service, IMAGE, PATH).orElseThrow().key();
    }

    private static Optional<InitialData> of(
            Environment environment, Declared<?> service, ImageUse image, String volumeOfImage) {
        StackDefinition definition = definition(environment, service);
        return InitialData.of(definition, definition.service("db"), image, List.of(volumeOfImage));
    }

    private static StackDefinition definition(Environment environment, Declared<?> service) {
        return StackDefinition.of("shop", environment).add(service).build();
    }

    private static ImageUse image(String id) {
        return new ImageUse("postgres:16", "postgres:16", id, ImageUse.Standing.UPSTREAM, "", "postgres/16/real");
    }
}
