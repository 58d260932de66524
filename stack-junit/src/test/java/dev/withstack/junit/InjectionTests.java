package dev.withstack.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.container;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.QdrantConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.data.S3Connection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StackDefinition;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

class InjectionTests {

    @ExtendWith(FakeEngines.class)
    @WithStack(Corner.class)
    static class Everything {
        static RunningStack ofTheClass;

        @ServiceEndpoint("cache")
        static HostAndPort cacheOfTheClass;

        RunningStack ofTheInstance;

        @ServiceEndpoint("till")
        private URI till;

        private final RunningStack ofTheConstructor;

        Everything(RunningStack stack) {
            ofTheConstructor = stack;
        }

        @BeforeAll
        static void fieldsOfTheClassAreThere(RunningStack stack) {
            assertThat(ofTheClass).isSameAs(stack);
            assertThat(cacheOfTheClass).hasToString("10.0.0.1:6379");
        }

        @Test
        void stackIsOneForAll(RunningStack stack) {
            assertThat(stack).isSameAs(ofTheClass).isSameAs(ofTheInstance).isSameAs(ofTheConstructor);
        }

        @Test
        void addressComesInAllForms(
                @ServiceEndpoint("orders") HostAndPort pair,
                @ServiceEndpoint("orders") String text,
                @ServiceEndpoint("orders") InetSocketAddress socket,
                @ServiceEndpoint("orders") URI orders,
                @ServiceEndpoint("cache") URI cache,
                @ServiceEndpoint(value = "files", endpoint = "console", scheme = "https") URI console) {
            assertThat(pair).hasToString("10.0.0.1:5432");
            assertThat(text).isEqualTo("10.0.0.1:5432");
            assertThat(socket).isEqualTo(new InetSocketAddress("10.0.0.1", 5432));
            assertThat(orders).hasToString("postgresql://10.0.0.1:5432");
            assertThat(cache).hasToString("redis://10.0.0.1:6379");
            assertThat(console).hasToString("https://10.0.0.1:9001");
            assertThat(till).hasToString("http://10.0.0.1:8080");
        }

        @Test
        void connectionsComeByTheirType(
                PostgresConnection orders, RedisConnection cache, S3Connection files, QdrantConnection vectors) {
            assertThat(orders.jdbcUrl()).isEqualTo("jdbc:postgresql://10.0.0.1:5432/orders");
            assertThat(orders.user()).isEqualTo("anna");
            assertThat(orders.password()).isEqualTo("pencil-and-paper");
            assertThat(orders.toString()).doesNotContain("pencil");
            assertThat(cache.uri()).hasToString("redis://10.0.0.1:6379");
            assertThat(files.endpoint()).hasToString("http://10.0.0.1:9000");
            assertThat(files.accessKey()).isEqualTo("ada");
            assertThat(files.secretKey()).isEqualTo("lovelace-1815");
            assertThat(files.toString()).doesNotContain("1815");
            assertThat(vectors.url()).hasToString("http://10.0.0.1:6333");
        }

        @Test
        void serviceComesAsAHandle(@ServiceEndpoint("till") RunningService service) {
            assertThat(service.name()).isEqualTo("till");
            assertThat(service.container()).isPresent();
        }

        @Nested
        class Within {
            @ServiceEndpoint("cache")
            String cache;

            @Test
            void nestedClassHasTheSame(RunningStack stack) {
                assertThat(stack).isSameAs(ofTheInstance);
                assertThat(cache).isEqualTo("10.0.0.1:6379");
            }
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(name = "junit-corner", scope = Scope.METHOD)
    static class ByName {
        final RunningStack stack;

        ByName(RunningStack stack) {
            this.stack = stack;
        }

        @Test
        void stackIsFoundByItsName(RunningStack given) {
            assertThat(given).isSameAs(stack);
            assertThat(given.definition().name()).isEqualTo("junit-corner");
        }
    }

    static final class Simpler implements StackChange {
        @Override
        public StackDefinition apply(StackDefinition stack) {
            return stack.extend().remove("vectors").build();
        }
    }

    @ExtendWith(FakeEngines.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @WithStack(
            value = Corner.class,
            without = {"till", "files"},
            settings = "CACHE_IMAGE=redis:8",
            changes = Simpler.class,
            scope = Scope.METHOD)
    static class Changed {
        RunningStack field;

        @Test
        void stackIsAsItWasChanged(RunningStack stack) {
            assertThat(stack.definition().services()).containsOnlyKeys("orders", "cache");
            assertThat(stack.definition().service("cache").source().toString()).contains("redis:8");
            assertThat(field).isSameAs(stack);
        }
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, services = "cache")
    static class Mistakes {
        @Test
        void kindThatDoesNotRun(PostgresConnection orders) {}

        @Test
        void formThatIsNone(@ServiceEndpoint("cache") Integer cache) {}

        @Test
        void otherKind(@ServiceEndpoint("cache") PostgresConnection cache) {}
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(value = Corner.class, scope = Scope.METHOD)
    static class StaticFieldOfAMethodsStack {
        static RunningStack stack;

        @Test
        void test() {}
    }

    @ExtendWith(FakeEngines.class)
    @WithStack(name = "junit-cornr")
    static class UnknownName {
        @Test
        void test() {}
    }

    @ExtendWith(FakeEngines.class)
    @WithStack
    static class NoStackAtAll {
        @Test
        void test() {}
    }

    @Test
    void testsWhenTheyAskForAnyPartOfTheStackAreGivenIt() {
        EngineExecutionResults results = run(Everything.class, ByName.class, Changed.class);

        assertThat(results.containerEvents().failed().list()).isEmpty();
        assertThat(results.containerEvents().skipped().list()).isEmpty();
        results.testEvents().assertStatistics(counts -> counts.started(7).succeeded(7));
    }

    @Test
    void testsWhenWhatTheyAskForIsNotThereFailAndSayWhatIs() {
        EngineExecutionResults results = run(Mistakes.class);

        assertFails(
                results,
                "kindThatDoesNotRun",
                "Which service is meant by PostgresConnection is not clear, as none that runs is of that kind: of"
                        + " 'junit-corner' run cache.");
        assertFails(
                results,
                "formThatIsNone",
                "@ServiceEndpoint(\"cache\") can't be given as java.lang.Integer; ask for a HostAndPort, an"
                        + " InetSocketAddress, a String, a URI, a RunningService, or a PostgresConnection,"
                        + " RedisConnection, S3Connection or QdrantConnection.");
        assertFails(results, "otherKind", "Service 'cache' has no PostgresConnection; it holds the data of Redis.");
    }

    @Test
    void classWhenAStaticFieldAsksForTheStackOfAMethodFails() {
        assertClassFails(
                StaticFieldOfAMethodsStack.class,
                "Static fields of StaticFieldOfAMethodsStack can't be given the stack of one method (scope = METHOD):"
                        + " make stack instance fields.");
    }

    @Test
    void classWhenTheStackIsNotToBeFoundFails() {
        assertClassFails(
                UnknownName.class,
                "No stack is called 'junit-cornr' on the class path; there are: bi-agent, chatbot, frostbyte,"
                        + " integrador, junit-corner, ordinaut. A StackProfile of your own is found when"
                        + " META-INF/services names it.");
        assertClassFails(
                NoStackAtAll.class,
                "@WithStack does not say which stack: give its class, or its name with name = \"...\".");
    }

    private static void assertFails(EngineExecutionResults results, String method, String expected) {
        results.testEvents()
                .assertThatEvents()
                .haveExactly(1, event(test(method), finishedWithFailure(message(text -> text.contains(expected)))));
    }

    private static void assertClassFails(Class<?> testClass, String expected) {
        run(testClass)
                .containerEvents()
                .assertThatEvents()
                .haveExactly(1, event(container(testClass), finishedWithFailure(message(expected))));
    }

    private static EngineExecutionResults run(Class<?>... testClasses) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("withstack.engine.required", "false")
                .selectors(java.util.Arrays.stream(testClasses)
                        .map(testClass -> selectClass(testClass))
                        .toList()
                        .toArray(new org.junit.platform.engine.discovery.ClassSelector[0]))
                .execute();
    }
}
