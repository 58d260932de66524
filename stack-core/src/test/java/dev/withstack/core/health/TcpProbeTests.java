package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TcpProbeTests {

    @Test
    void askWhenTheServerWaitsForItsClientIsReady() throws Exception {
        try (FakeServer server = FakeServer.answeringWithoutEnd("")) {
            assertThat(TcpProbe.ask(server.address())).isEqualTo(Answer.READY);
        }
    }

    @Test
    void askWhenTheServerSpeaksFirstIsReady() throws Exception {
        try (FakeServer server = new FakeServer(
                client -> client.getOutputStream().write("220 hello\r\n".getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(TcpProbe.ask(server.address())).isEqualTo(Answer.READY);
        }
    }

    @Test
    void askWhenThePortProxyAcceptsAndClosesIsNotReady() throws Exception {
        try (FakeServer server = new FakeServer(client -> {})) {
            assertThatThrownBy(() -> TcpProbe.ask(server.address())).isInstanceOf(EOFException.class);
        }
    }
}
