package dev.withstack.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.StackDefinition;
import dev.withstack.coverage.Row;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stack on an engine of another host, reached by TCP. */
class RemoteEngineIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final Trial trial = new Trial();

    @Test
    @Row("remote.tcp")
    void upWhenTheEngineIsOnAnotherHostIsReadyAndReachedThere() throws Exception {
        Files.createDirectories(trial.project().resolve("words"));
        Files.writeString(trial.project().resolve("words/first"), "seen");
        Service published = Redis.service("published")
                .hostPort(6379)
                .bindReadOnly("words", "/words")
                .service();
        Service hidden = Redis.service("hidden").service();
        StackDefinition stack = trial.stack(published, hidden);
        try (SecondEngine docker = SecondEngine.open();
                StackEngine engine = trial.open(TrialImages.policy(), docker.environment())) {
            docker.take(TrialImages.local("redis:7-alpine"));

            RunningStack running = engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);

            HostAndPort address = running.addresses().find("published", "redis");
            assertThat(address).isEqualTo(new HostAndPort(docker.host().address(), 6379));
            assertThat(pong(address)).isEqualTo("+PONG");
            assertThat(running.service("published")
                            .exec(SOON, "cat", "/words/first")
                            .stdout())
                    .isEqualTo("seen");
            assertThat(trial.heard(StackEvent.Notice.class)).anySatisfy(notice -> assertThat(notice.text())
                    .startsWith(
                            "The engine is on another host, " + docker.host().address()));
            engine.destroy(stack.id(), event -> {});
        }
    }

    @Test
    @Row("remote.tls")
    void upWhenTheEngineDemandsCertificatesShowsItsOwnAndTrustsNoOther() throws Exception {
        StackDefinition stack =
                trial.stack(Redis.service("published").hostPort(6379).service());
        try (SecondEngine docker = SecondEngine.openWithTls()) {
            docker.take(TrialImages.local("redis:7-alpine"));
            try (StackEngine engine = trial.open(TrialImages.policy(), docker.environment())) {
                RunningStack running = engine.up(stack, Selection.all(), UpOptions.DEFAULT, trial::hear);

                assertThat(pong(running.addresses().find("published", "redis"))).isEqualTo("+PONG");
                engine.destroy(stack.id(), event -> {});
            }
            Certificates others = Certificates.make(
                    trial.project().resolve("others"), docker.host().address());
            Map<String, String> strange = new LinkedHashMap<>(docker.environment());
            strange.put("DOCKER_CERT_PATH", others.client().toString());
            assertThatThrownBy(() -> trial.open(TrialImages.policy(), strange))
                    .hasMessageContaining(docker.address())
                    .hasMessageContaining("PKIX path")
                    .hasMessageContaining("ca.pem");
            Map<String, String> without = Map.of("DOCKER_HOST", docker.address());
            assertThatThrownBy(() -> trial.open(TrialImages.policy(), without))
                    .hasMessageContaining(docker.address())
                    .hasMessageContaining("DOCKER_TLS_VERIFY");
        }
    }

    private static String pong(HostAndPort address) throws Exception {
        try (Socket socket = new Socket(address.host(), address.port())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.UTF_8);
        }
    }
}
