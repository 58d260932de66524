package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.data.PostgresCluster.Database;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresClusterTests {
    private static final Database SHOP =
            new Database("ENCODING 'UTF8'", List.of("OWNER TO anna", "WITH CONNECTION LIMIT -1"));
    private static final PostgresCluster THEN = new PostgresCluster(
            Map.of("anna", "ALTER ROLE anna WITH LOGIN"),
            Map.of("shop", SHOP),
            Map.of("GRANT readers TO anna", "REVOKE readers FROM anna"),
            Map.of("work_mem", "'4MB'"));

    @Test
    void nothingIsDoneWhenNothingHasChanged() {
        assertThat(THEN.rolesSince(THEN)).isEmpty();
        assertThat(THEN.restSince(THEN)).isEmpty();
    }

    @Test
    void roleThatIsGoneIsMadeAgainBeforeWhatItOwns() {
        assertThat(THEN.rolesSince(PostgresCluster.NOTHING))
                .containsExactly("CREATE ROLE \"anna\"", "ALTER ROLE anna WITH LOGIN");
        assertThat(THEN.restSince(PostgresCluster.NOTHING))
                .containsExactly(
                        "ALTER DATABASE \"shop\" OWNER TO anna",
                        "ALTER DATABASE \"shop\" WITH CONNECTION LIMIT -1",
                        "GRANT readers TO anna",
                        "ALTER SYSTEM RESET ALL",
                        "ALTER SYSTEM SET work_mem = '4MB'",
                        "SELECT pg_reload_conf()");
    }

    @Test
    void whatHasComeSinceGoesItsRightsBeforeTheRole() {
        PostgresCluster now = new PostgresCluster(
                Map.of("anna", "ALTER ROLE anna WITH NOLOGIN", "ro\"ot", "ALTER ROLE x"),
                Map.of("shop", SHOP),
                Map.of("GRANT readers TO anna", "REVOKE readers FROM anna", "GRANT all TO x", "REVOKE all FROM x"),
                Map.of("work_mem", "'4MB'"));

        assertThat(THEN.rolesSince(now)).containsExactly("ALTER ROLE anna WITH LOGIN");
        assertThat(THEN.restSince(now)).containsExactly("REVOKE all FROM x", "DROP ROLE \"ro\"\"ot\"");
    }

    @Test
    void databaseIsMadeWithItsLocaleWhereTheTemplateDoesNotSayIt() {
        assertThat(THEN.creation("shop", "shop", PostgresServer.EMPTY))
                .isEqualTo("CREATE DATABASE \"shop\" TEMPLATE \"template0\" ENCODING 'UTF8'");
        assertThat(THEN.creation("shop", "shop", "withstack_kept_0"))
                .isEqualTo("CREATE DATABASE \"shop\" TEMPLATE \"withstack_kept_0\"");
    }
}
