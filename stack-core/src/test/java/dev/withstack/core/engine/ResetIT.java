package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.driver.Driver;
import dev.withstack.coverage.Row;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Data is put back to what it was after the start, on the real servers. */
class ResetIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static FourServers servers;
    private static RunningStack stack;
    private static StackData data;
    private static PostgresConnection orders;

    @BeforeAll
    static void start() throws Exception {
        servers = FourServers.start("reset-it");
        stack = servers.stack();
        orders = stack.service("orders").connection(PostgresConnection.class);
        data = stack.data();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @AfterEach
    void putBack() throws InterruptedException {
        data.reset();
    }

    @Test
    @Row("junit.reset")
    void rowsAndSequencesArePutBackUnderAConnectionThatGoesOn() throws Exception {
        String before = contents();
        try (Connection application = open();
                Statement statement = application.createStatement()) {
            statement.execute("INSERT INTO items (name) VALUES ('milk'), ('bread')");
            statement.execute("DELETE FROM items WHERE id = 1");
            statement.execute("INSERT INTO orders (item) VALUES (3), (4)");
            statement.execute("REFRESH MATERIALIZED VIEW names");
            assertThat(contents()).isNotEqualTo(before);

            data.reset();

            assertThat(contents()).isEqualTo(before);
            assertThat(one(statement, "SELECT count(*) FROM names")).isEqualTo("2");
            statement.execute("INSERT INTO items (name) VALUES ('next')");
            assertThat(one(statement, "SELECT max(id) FROM items"))
                    .as("the sequence goes on where it was")
                    .isEqualTo("3");
        }
    }

    @Test
    @Row("junit.reset")
    void rowsThatTookThePlaceOfOthersArePutBack() throws Exception {
        String before = contents();
        try (Connection application = open();
                Statement statement = application.createStatement()) {
            // as many rows as before, in a table that the server has written anew
            statement.execute("DELETE FROM orders");
            statement.execute("INSERT INTO orders (item, note) VALUES (2, '{}')");
            statement.execute("VACUUM FULL orders");
            data.reset();
            assertThat(contents()).isEqualTo(before);

            // the same value again, after a reset that has written the rows itself
            statement.execute("UPDATE items SET name = 'coffee' WHERE id = 1");
            data.reset();
            statement.execute("VACUUM (FULL, FREEZE) items");
            data.reset();
            assertThat(contents()).isEqualTo(before);
        }
    }

    /** The obligation: what a reset keeps open itself is in nobody's way. */
    @Test
    @Row("junit.reset-everything")
    void databaseCanBeCopiedRenamedAndDroppedRightAfterAReset() throws Exception {
        String before = contents();
        try (Connection elsewhere =
                        DriverManager.getConnection(orders.jdbcUrl("postgres"), orders.user(), orders.password());
                Statement statement = elsewhere.createStatement()) {
            data.reset();
            statement.execute("CREATE DATABASE another TEMPLATE shop");
            data.reset();
            statement.execute("ALTER DATABASE shop RENAME TO moved");
            data.reset();
            assertThat(contents()).isEqualTo(before);
            statement.execute("DROP DATABASE shop");
            data.reset();
            assertThat(contents()).isEqualTo(before);
            assertThat(one(statement, "SELECT count(*) FROM pg_database WHERE datname IN ('another', 'moved')"))
                    .isEqualTo("0");
        }
    }

    @Test
    @Row("junit.reset")
    void connectionsThatATestEndsAreNotMissed() throws Exception {
        String before = contents();
        data.reset();
        try (Connection elsewhere =
                        DriverManager.getConnection(orders.jdbcUrl("postgres"), orders.user(), orders.password());
                Statement statement = elsewhere.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
            try (Connection shop = open();
                    Statement inShop = shop.createStatement()) {
                inShop.execute("DELETE FROM orders");
                String connected = one(inShop, "SELECT pg_backend_pid()");

                data.reset();

                assertThat(contents()).isEqualTo(before);
                assertThat(one(inShop, "SELECT pg_backend_pid()"))
                        .as("the database was not made again for that")
                        .isEqualTo(connected);
            }
        }
    }

    /** The obligation: what a reset keeps open is given up when it leads nowhere any more. */
    @Test
    @Row("junit.reset")
    void aServerThatWasDisconnectedIsPutBackToo() throws Exception {
        String before = contents();
        data.reset();
        stack.service("orders").disconnect();
        stack.service("orders").connect();
        boolean unused = stack.mend();
        orders = stack.service("orders").connection(PostgresConnection.class);
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM orders");
        }

        data.reset();

        assertThat(contents()).isEqualTo(before);
    }

    @Test
    @Row("junit.reset-everything")
    void schemaAndExtensionsArePutBack() throws Exception {
        String before = dump("pg_dump -d shop");
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE orders");
            statement.execute("ALTER TABLE items ADD COLUMN price numeric");
            statement.execute("CREATE SCHEMA attic CREATE TABLE old (x int)");
            statement.execute("CREATE TYPE mood AS ENUM ('good', 'bad')");
            statement.execute("CREATE OR REPLACE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN RETURN NULL; END $$");
            statement.execute("COMMENT ON TABLE items IS 'spoilt'");
            statement.execute("SELECT lo_create(4711)");
            statement.execute("DROP EXTENSION plpgsql CASCADE");
        }
        assertThat(dump("pg_dump -d shop")).isNotEqualTo(before);

        data.reset();

        assertThat(dump("pg_dump -d shop")).isEqualTo(before);
    }

    @Test
    @Row("junit.reset-everything")
    void rolesDatabasesAndSettingsArePutBack() throws Exception {
        String before = globals();
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE thief SUPERUSER");
            statement.execute("CREATE ROLE \"odd \"\"name\"");
            statement.execute("GRANT CONNECT ON DATABASE shop TO \"odd \"\"name\"");
            statement.execute("ALTER ROLE clerk NOLOGIN PASSWORD 'other'");
            statement.execute("GRANT thief TO clerk");
            statement.execute("ALTER ROLE clerk IN DATABASE shop SET search_path = a, b");
            statement.execute("ALTER DATABASE shop SET timezone = 'Asia/Tokyo'");
            statement.execute("REVOKE CONNECT ON DATABASE shop FROM PUBLIC");
            statement.execute("CREATE DATABASE loot OWNER thief");
            statement.execute("ALTER SYSTEM SET work_mem = '1MB'");
            statement.execute("SELECT pg_reload_conf()");
        }
        assertThat(globals()).isNotEqualTo(before);

        data.reset();

        assertThat(globals()).isEqualTo(before);
    }

    @Test
    @Row("junit.reset")
    void aTransactionThatSomebodyForgotDoesNotKeepTheDataFromBeingPutBack() throws Exception {
        String before = contents();
        try (Connection forgotten = open();
                Statement statement = forgotten.createStatement()) {
            forgotten.setAutoCommit(false);
            statement.execute("LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
            statement.execute("DELETE FROM items");

            data.reset();

            assertThat(contents()).isEqualTo(before);
        } catch (SQLException e) {
            // the server has ended the connection
        }
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    @Row("junit.reset")
    void aLaterMomentCanBeTakenWhileAnApplicationIsConnected() throws Exception {
        try (Connection application = open();
                Statement statement = application.createStatement()) {
            statement.execute("CREATE TABLE migrated (id int PRIMARY KEY)");
            statement.execute("INSERT INTO migrated VALUES (1)");
            data.remember();

            statement.execute("DELETE FROM migrated");
            data.reset();
            assertThat(one(statement, "SELECT count(*) FROM migrated")).isEqualTo("1");

            statement.execute("DROP TABLE migrated");
        }
        data.reset();

        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            assertThat(one(statement, "SELECT count(*) FROM migrated")).isEqualTo("1");
            statement.execute("DROP TABLE migrated");
        }
        data.remember();
    }

    @Test
    @Row("junit.reset")
    void keysUsersAndSettingsArePutBackUnderAConnectionThatGoesOn() throws Exception {
        try (Jedis application = servers.jedis()) {
            application.set("greeting", "bye");
            application.del("prices");
            application.set("new", "1");
            application.select(3);
            application.lpop("queue");
            application.select(5);
            application.set("elsewhere", "1");
            application.configSet("maxmemory-policy", "allkeys-lru");
            application.aclSetUser("thief", "on", "nopass", "~*", "+@all");

            data.reset();

            assertThat(application.dbSize()).isZero();
            application.select(0);
            assertThat(application.keys("*")).containsExactlyInAnyOrder("greeting", "prices");
            assertThat(application.get("greeting")).isEqualTo("hello");
            assertThat(application.hgetAll("prices")).isEqualTo(Map.of("tea", "3", "milk", "2"));
            assertThat(application.ttl("prices")).isPositive();
            application.select(3);
            assertThat(application.lrange("queue", 0, -1)).containsExactly("a", "b");
            assertThat(application.configGet("maxmemory-policy")).containsEntry("maxmemory-policy", "noeviction");
            assertThat(application.aclUsers()).containsExactly("default");
        }
    }

    @Test
    @Row("junit.reset-servers")
    void bucketsAndObjectsArePutBack() {
        try (S3Client s3 = servers.s3()) {
            s3.putObject(request -> request.bucket("papers").key("a b/notes.txt"), RequestBody.fromString("spoilt"));
            s3.putObject(request -> request.bucket("papers").key("new"), RequestBody.fromString("new"));
            s3.deleteObject(request -> request.bucket("papers").key("other"));
            s3.createBucket(request -> request.bucket("more"));
            s3.putObject(request -> request.bucket("more").key("x"), RequestBody.fromString("x"));

            assertThatNoException().isThrownBy(() -> data.reset());

            assertThat(s3.listBuckets().buckets()).extracting(Bucket::name).containsExactly("papers");
            assertThat(s3.listObjectsV2(request -> request.bucket("papers")).contents())
                    .extracting(S3Object::key)
                    .containsExactly("a b/notes.txt", "other");
            ResponseBytes<GetObjectResponse> notes =
                    s3.getObjectAsBytes(request -> request.bucket("papers").key("a b/notes.txt"));
            assertThat(notes.asUtf8String()).isEqualTo("on the engine");
            assertThat(notes.response().contentType()).startsWith("text/plain");
            assertThat(notes.response().metadata()).containsEntry("author", "ada");
        }
    }

    @Test
    @Row("junit.reset-servers")
    void collectionsAndPointsArePutBack() throws Exception {
        String before = servers.collection("POST", "seeded/points/scroll", "{\"with_vector\":true}");
        servers.collection("POST", "seeded/points/delete?wait=true", "{\"points\":[1]}");
        servers.collection("PUT", "extra", "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}");

        data.reset();

        assertThat(points(servers.collection("POST", "seeded/points/scroll", "{\"with_vector\":true}")))
                .isEqualTo(points(before))
                .contains("one");
        assertThat(servers.collection("GET", "", "")).contains("seeded").doesNotContain("extra");

        servers.collection("DELETE", "seeded", "");
        data.reset();

        assertThat(points(servers.collection("POST", "seeded/points/scroll", "{\"with_vector\":true}")))
                .isEqualTo(points(before));
    }

    /** An answer also says how long it took. */
    private static String points(String answer) {
        return answer.replaceAll("\"time\"\\s*:\\s*[0-9.e-]+", "");
    }

    private static Connection open() throws SQLException {
        return DriverManager.getConnection(orders.jdbcUrl(), orders.user(), orders.password());
    }

    /** Return all rows, and the state of all sequences. */
    private static String contents() throws SQLException {
        List<String> all = new ArrayList<>();
        try (Connection connection = open();
                Statement statement = connection.createStatement()) {
            for (String what :
                    List.of("items i", "orders o", "audit a", "items_id_seq s", "orders_id_seq s", "names n")) {
                String alias = what.split(" ")[1];
                String values = alias.equals("s") ? "last_value || ' ' || is_called" : alias + "::text";
                try (ResultSet rows =
                        statement.executeQuery("SELECT " + values + " AS v FROM " + what + " ORDER BY v")) {
                    while (rows.next()) {
                        all.add(what + ": " + rows.getString(1));
                    }
                }
            }
        }
        return String.join("\n", all);
    }

    private static String globals() throws InterruptedException {
        return dump("pg_dumpall --globals-only").replace(" VALID UNTIL 'infinity'", "")
                + ask(
                        "SELECT datname, datdba::regrole, datconnlimit FROM pg_database WHERE NOT datistemplate ORDER BY 1")
                + ask("SELECT d.datname, x.* FROM pg_database d,"
                        + " aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x"
                        + " WHERE NOT d.datistemplate ORDER BY 1, 2, 3, 4")
                + ask("SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'");
    }

    private static String ask(String query) throws InterruptedException {
        return dump("psql -X -At -d template1 -c \"" + query + "\"");
    }

    /** Dumps of newer servers begin and end with a word that is another one each time. */
    private static String dump(String command) throws InterruptedException {
        Driver.ExecResult result = stack.service("orders")
                .exec(
                        LONG,
                        "sh",
                        "-c",
                        "PGPASSWORD=\"$POSTGRES_PASSWORD\" PGUSER=\"$POSTGRES_USER\" PGHOST=127.0.0.1 exec " + command);
        assertThat(result.exitCode()).as(result.stderr()).isZero();
        return result.stdout().replaceAll("(?m)^\\\\(un)?restrict .*\n", "");
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
