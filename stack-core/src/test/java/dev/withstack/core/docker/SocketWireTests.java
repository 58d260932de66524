package dev.withstack.core.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Speaks over TCP with an engine that answers pings, and is silent to all else. */
@Timeout(20)
class SocketWireTests {

    private static final EngineTimeouts IMPATIENT = new EngineTimeouts(Duration.ofSeconds(5), Duration.ofMillis(300));

    private ServerSocket server;
    private volatile Runnable whenSilent = () -> {};

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "engine over TCP");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void callWhenEngineAnswersReadsIt() {
        try (DockerEngine engine = DockerEngine.open(located())) {
            assertThat(engine.apiVersion()).isEqualTo("1.43");
        }
    }

    @Test
    void callWhenEngineIsSilentTimesOut() {
        try (DockerEngine engine = DockerEngine.open(located(), IMPATIENT)) {
            assertThatThrownBy(engine::version).isInstanceOf(EngineTimeoutException.class);
        }
    }

    @Test
    void callWhenThreadIsInterruptedEnds() {
        Thread caller = Thread.currentThread();
        whenSilent = caller::interrupt;

        try (DockerEngine engine = DockerEngine.open(located())) {
            assertThatThrownBy(engine::version).isInstanceOf(EngineInterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void callWhenClientIsClosedEnds() {
        DockerEngine engine = DockerEngine.open(located());
        whenSilent = engine::close;

        assertThatThrownBy(engine::version).isInstanceOf(IllegalStateException.class);
    }

    private LocatedEngine located() {
        return new LocatedEngine(new EngineAddress.Tcp("127.0.0.1", server.getLocalPort()), "DOCKER_HOST");
    }

    private void serve() {
        try (Socket connection = server.accept()) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("GET /_ping")) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nApi-Version: 1.43\r\nContent-Length: 2\r\n\r\nOK"
                                    .getBytes(StandardCharsets.US_ASCII));
                } else if (line.startsWith("GET ")) {
                    whenSilent.run();
                }
            }
        } catch (IOException over) {
            // The test is over, or the client has gone.
        }
    }
}
