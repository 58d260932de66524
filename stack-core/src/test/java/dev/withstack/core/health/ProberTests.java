package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.AddressBook;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProberTests {
    private static final AddressBook NO_ADDRESSES = (service, endpoint) -> {
        throw new IllegalStateException("no addresses here");
    };
    private static final Service SERVICE = Service.image("api", "api:1").port("http", 80);

    private final Prober prober = new Prober(NO_ADDRESSES);

    @Test
    void askWhenTheProbeIsHttpAsksTheEndpoint() throws Exception {
        try (FakeServer server = FakeServer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(prober.ask(SERVICE.probe(Probe.http("/")), at(server.address())))
                    .isEqualTo(Answer.READY);
        }
    }

    @Test
    void askWhenTheProbeIsTcpConnects() throws Exception {
        try (FakeServer server = new FakeServer(client -> {})) {
            assertThat(prober.ask(SERVICE.probe(Probe.tcp()), at(server.address())))
                    .isEqualTo(new Answer.NotReady("connection closed at once"));
        }
    }

    @Test
    void askWhenTheProbeIsRedisResolvesThePassword() throws Exception {
        var ping = new Probe.RedisPing("", Optional.of(Value.secret("hunter2")));
        try (FakeServer server = new FakeServer(client -> {
            FakeServer.readUntil(client.getInputStream(), "hunter2\r\n");
            client.getOutputStream().write("+OK\r\n+PONG\r\n".getBytes(StandardCharsets.US_ASCII));
        })) {
            assertThat(prober.ask(SERVICE.probe(ping), at(server.address()))).isEqualTo(Answer.READY);
        }
    }

    @Test
    void askWhenTheProbeIsPostgresLogsIn() throws Exception {
        var login = new Probe.PostgresLogin("", Value.text("u"), Value.secret("p"), "d");
        try (FakeServer server = new FakeServer(client -> {})) {
            assertThat(prober.ask(SERVICE.probe(login), at(server.address()))).isInstanceOf(Answer.NotReady.class);
        }
    }

    @Test
    void askWhenTheProbeIsACommandRunsIt() throws Exception {
        assertThat(prober.ask(SERVICE.probe(Probe.command("is-ready", "-q")), new Target()))
                .isEqualTo(new Answer.NotReady("ran [is-ready, -q] within 30 s"));
    }

    @Test
    void askWhenTheServiceHasAProbeOfItsOwnAsksThat() throws Exception {
        Service provided = Service.provided("db", "PostgreSQLContainer", Object::new);

        assertThat(prober.ask(provided, new Target())).isEqualTo(new Answer.NotReady("asked itself"));
    }

    @Test
    void askWhenThereIsNoProbeCountsASecondOfRunningAsReady() throws Exception {
        assertThat(prober.ask(SERVICE, new Target().upFor(Duration.ofMillis(999))))
                .isEqualTo(new Answer.NotReady("running; without a probe it counts as ready after 1000 ms of that"));
        assertThat(prober.ask(SERVICE, new Target().upFor(Duration.ofSeconds(1))))
                .isEqualTo(Answer.READY);
    }

    @Test
    void askWhenTheServiceCantBeReachedAnswersWithTheReason() throws Exception {
        assertThat(prober.ask(SERVICE.probe(Probe.http("/")), new Target()))
                .isEqualTo(new Answer.NotReady("its container is not running"));
    }

    @Test
    void pauseWhenAskedAgainAndAgainGrowsToAQuarterOfASecond() {
        Service service = SERVICE.probe(Probe.http("/"));

        assertThat(Prober.pause(service, 0)).isEqualTo(Duration.ofMillis(10));
        assertThat(Prober.pause(service, 14)).isBetween(Duration.ofMillis(15), Duration.ofMillis(20));
        assertThat(Prober.pause(service, 1_000_000)).isEqualTo(Duration.ofMillis(250));
        for (int i = 0; i < 200; i++) {
            assertThat(Prober.pause(service, i + 1)).isGreaterThanOrEqualTo(Prober.pause(service, i));
        }
    }

    @Test
    void pauseWhenTheProbeIsSlowToRunIsLonger() {
        Service command = SERVICE.probe(Probe.command("is-ready"));

        assertThat(Prober.pause(command, 0)).isEqualTo(Duration.ofMillis(100));
        assertThat(Prober.pause(command, 1000)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void textWhenAnswersDifferSaysWhy() {
        assertThat(Answer.READY.text()).isEqualTo("ready");
        assertThat(new Answer.NotReady("why").text()).isEqualTo("why");
        assertThat(new Answer.Hopeless("why", "fix").text()).isEqualTo("why");
    }

    private static ProbeTarget at(HostAndPort address) {
        return new Target() {
            @Override
            public HostAndPort address(String endpoint) {
                return address;
            }
        };
    }

    private static class Target implements ProbeTarget {
        private Duration uptime = Duration.ZERO;

        Target upFor(Duration duration) {
            uptime = duration;
            return this;
        }

        @Override
        public HostAndPort address(String endpoint) throws IOException {
            throw new IOException("its container is not running");
        }

        @Override
        public Answer run(List<String> command, Duration timeout) {
            return new Answer.NotReady("ran " + command + " within " + timeout.toSeconds() + " s");
        }

        @Override
        public Answer askItself() {
            return new Answer.NotReady("asked itself");
        }

        @Override
        public Duration uptime() {
            return uptime;
        }
    }

    @Test
    void askWhenItsImageHasTheCheckRunsThat() throws InterruptedException {
        Service web = Service.image("web", "web:1")
                .probe(new Probe.OfImage(List.of("web", "status"), Probe.OfImage.Otherwise.NOTHING));

        assertThat(prober.ask(web, new Target())).isEqualTo(new Answer.NotReady("ran [web, status] within 30 s"));
        assertThat(Prober.pause(web, 0)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void askWhenItsImageHasNoneEitherIsReadyOnceItRunsUnlessOthersWaitForMore() throws InterruptedException {
        Service web = Service.image("web", "web:1");
        Service plain = web.probe(new Probe.OfImage(Probe.OfImage.Otherwise.WHATEVER_RUNS));
        Service awaited = web.probe(new Probe.OfImage(Probe.OfImage.Otherwise.NOTHING));

        assertThat(prober.ask(plain, new Target().upFor(Duration.ofSeconds(1)))).isEqualTo(Answer.READY);
        assertThat(Prober.pause(plain, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(prober.ask(awaited, new Target().upFor(Duration.ofSeconds(9))))
                .isEqualTo(new Answer.Hopeless(
                        "others wait until it is healthy, and neither it nor its image has a health check",
                        "give it a health check, or a port that it answers on"));
    }

    @Test
    void pauseWhenThereIsNoProbeIsUntilItCountsAsReady() {
        Service plain = Service.image("plain", "plain:1");

        assertThat(Prober.pause(plain, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Prober.pause(plain, 1)).isEqualTo(Duration.ofMillis(50));
    }
}
