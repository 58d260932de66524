package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.withstack.core.Stacks;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackEngine;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackId;
import dev.withstack.core.plan.Observed;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import redis.clients.jedis.Jedis;

/** {@code @WithStack} on the real engine. */
class WithStackIT {
    private static final Set<StackId> RUNS = new LinkedHashSet<>();
    private static final List<String> SEEN = new ArrayList<>();

    @WithStack(value = Shop.class, settings = "ORDERS_DATABASE=sold")
    static class WholeStack {
        @BeforeAll
        static void fill(RunningStack stack) {
            RUNS.add(stack.definition().id());
            try (Jedis jedis = new Jedis(
                    stack.service("cache").address().host(),
                    stack.service("cache").address().port())) {
                jedis.set("greeting", "hello");
            }
        }

        @Test
        void dataIsSharedByTheTestsOfTheClass(RunningStack stack, @ServiceEndpoint("cache") HostAndPort cache) {
            RUNS.add(stack.definition().id());
            try (Jedis jedis = new Jedis(cache.host(), cache.port())) {
                SEEN.add(jedis.get("greeting"));
            }
        }

        @Test
        void settingIsHonoured(@ServiceEndpoint("orders") String orders) throws SQLException {
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:postgresql://" + orders + "/sold", "postgres", "postgres");
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT current_database()")) {
                rows.next();
                SEEN.add(rows.getString(1));
            }
        }

        @Nested
        class Within {
            @Test
            void nestedClassSharesTheStack(
                    RunningStack stack, @ServiceEndpoint(value = "cache", scheme = "redis") URI cache) {
                RUNS.add(stack.definition().id());
                SEEN.add(cache.getScheme());
            }
        }
    }

    @WithStack(value = Shop.class, services = "cache")
    static class OneService {
        @Test
        void onlyWhatIsAskedForRuns(RunningStack stack) {
            RUNS.add(stack.definition().id());
            try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
                Observed there = engine.driver().observe(stack.definition().id());
                SEEN.add(String.join(",", there.containers().keySet()) + there.volumes());
            }
        }

        @Test
        void unknownServiceIsNamed(@ServiceEndpoint("orderz") HostAndPort address) {
            SEEN.add("never");
        }
    }

    @Test
    void stackWhenClassesAskForItRunsForEachAloneAndLeavesNothing() {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "true")
                .selectors(selectClass(WholeStack.class), selectClass(OneService.class))
                .execute()
                .testEvents();

        tests.assertStatistics(counts -> counts.started(5).succeeded(4).failed(1));
        tests.assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test("unknownServiceIsNamed"),
                                finishedWithFailure(message(text -> text.contains(
                                        "Stack 'junit-shop' has no service 'orderz'; it has: cache, orders.")))));
        assertThat(SEEN).containsExactlyInAnyOrder("hello", "sold", "redis", "cache{}");
        assertThat(RUNS).as("one run for each class").hasSize(2);
        assertThatNothingIsLeft();
    }

    private static void assertThatNothingIsLeft() {
        try (StackEngine engine = Stacks.engine(System.getenv(), Path.of(""))) {
            for (StackId run : RUNS) {
                Observed left = engine.driver().observe(run);
                assertThat(left.containers()).isEmpty();
                assertThat(left.networks()).isEmpty();
                assertThat(left.volumes()).isEmpty();
                assertThat(Stacks.stateDirectory(System.getenv()).resolve(run.prefix() + ".lock"))
                        .doesNotExist();
            }
        }
    }
}
