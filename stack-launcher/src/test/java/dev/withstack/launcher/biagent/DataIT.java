package dev.withstack.launcher.biagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.coverage.Row;
import dev.withstack.launcher.scenario.Docker;
import dev.withstack.launcher.scenario.SharedStack;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The data layer after a first start: what the database was made with, and where the other two keep what they have. */
class DataIT {
    @RegisterExtension
    static final SharedStack stack = Platform.shared();

    @Test
    @Row("bi-agent.postgres")
    @Row("bi-agent.db-user")
    void databaseWhenMadeIsPostgres15WithTheDocumentsUserAndName() {
        assertThat(sql("SELECT current_user || ' ' || current_database() || ' ' || split_part(version(), '.', 1)"))
                .isEqualTo("postgres analytics_db PostgreSQL 15");
    }

    @Test
    @Row("bi-agent.db-schema")
    void databaseWhenMadeHasTheSchemaAnalytics() {
        assertThat(sql("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'analytics'"))
                .isEqualTo("1");
    }

    @Test
    @Row("bi-agent.db-extensions")
    void databaseWhenMadeHasUuidAndPgvectorOrSaysThatTheImageHasItNot() throws Exception {
        assertThat(sql("SELECT uuid_generate_v4() IS NOT NULL AND '{\"a\": 1}'::jsonb ? 'a'"))
                .isEqualTo("t");

        boolean isAvailable = sql("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
                .equals("1");
        if (isAvailable) {
            assertThat(sql("SELECT '[1,2]'::vector <-> '[1,3]'")).isEqualTo("1");
        } else {
            assertThat(stack.run("logs", "bi-agent", "postgres").out())
                    .contains("this image has no pgvector: set POSTGRES_IMAGE to one that has");
        }
    }

    @Test
    @Row("bi-agent.db-bootstrap")
    @Row("bi-agent.mount-bootstrap")
    @Row("bi-agent.mount-pgvector")
    void databaseWhenMadeWithoutScriptsOfTheProjectHasRunTheGeneratedOnes() {
        String scripts = Docker.run("exec", stack.container("postgres"), "ls", "/docker-entrypoint-initdb.d");

        assertThat(scripts.lines()).containsExactly("01-pgvector.sql", "bootstrap.sh");
        assertThat(sql("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'analytics_reader'"))
                .isEqualTo("f");
    }

    @Test
    @Row("bi-agent.redis")
    void redisWhenWrittenToAppendsToItsFile() {
        assertThat(redis("ping")).isEqualTo("PONG");
        assertThat(redis("config", "get", "appendonly")).endsWith("yes");
        assertThat(redis("info", "server")).contains("redis_version:7.");

        redis("set", "an-appended-key", "1");

        assertThat(Docker.run("exec", stack.container("redis"), "sh", "-c", "cat /data/appendonlydir/*.aof"))
                .contains("an-appended-key");
    }

    @Test
    @Row("bi-agent.minio")
    void minioWhenAnObjectIsPutKeepsItUnderMinioData() throws Exception {
        Platform platform = Platform.of(stack);
        assertThat(platform.http("MINIO_PORT").get("/minio/health/live").statusCode())
                .isEqualTo(200);
        assertThat(platform.http("MINIO_CONSOLE_PORT").get("/").statusCode()).isEqualTo(200);

        platform.api().put("/api/v1/datasets/kept.csv", "text/csv", "a,b\n1,2\n");

        assertThat(Docker.run("exec", stack.container("minio"), "sh", "-c", "find /minio_data -name '*kept.csv*'"))
                .contains("/minio_data/datasets");
    }

    @Test
    @Row("common.shell")
    void shellWhenAskedForByNameOpensTheDatabase() throws Exception {
        try (var live = stack.launcher().begin("shell", "bi-agent", "db")) {
            live.input().write("\\pset format unaligned\nselect current_user;\n".getBytes(StandardCharsets.UTF_8));
            live.input().close();
            assertThat(live.await(Platform.LONGEST).out()).contains("postgres");
        }
    }

    private static String sql(String query) {
        return Platform.sql(stack.container("postgres"), query);
    }

    private static String redis(String... command) {
        String[] all = new String[command.length + 3];
        all[0] = "exec";
        all[1] = stack.container("redis");
        all[2] = "redis-cli";
        System.arraycopy(command, 0, all, 3, command.length);
        return Docker.run(all);
    }
}
