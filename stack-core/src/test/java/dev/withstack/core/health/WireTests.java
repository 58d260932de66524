package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WireTests {

    @Test
    void readWhenBytesDripEndsWithTheTimeOfTheWholeConversation() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(client -> {
                    while (!end.await(10, TimeUnit.MILLISECONDS)) {
                        client.getOutputStream().write('x');
                    }
                });
                Wire wire = Wire.open(server.address(), Duration.ofMillis(100))) {
            assertThatThrownBy(() -> wire.in().readAllBytes()).isInstanceOf(SocketTimeoutException.class);
        } finally {
            end.countDown();
        }
    }

    @Test
    void reasonsWhenAFailureIsKnownSayItInWords() {
        assertThat(Reasons.of(new ConnectException("Connection refused"))).isEqualTo("connection refused");
        assertThat(Reasons.of(new ConnectException("Connection refused (Connection refused)")))
                .isEqualTo("connection refused");
        assertThat(Reasons.of(new ConnectException("Network is unreachable"))).isEqualTo("network is unreachable");
        assertThat(Reasons.of(new SocketTimeoutException())).isEqualTo("no answer in time");
        assertThat(Reasons.of(new EOFException())).isEqualTo("connection closed at once");
        assertThat(Reasons.of(new NoRouteToHostException())).isEqualTo("no route to the service");
        assertThat(Reasons.of(new UnknownHostException("db.example.com")))
                .isEqualTo("the host 'db.example.com' is not known");
        assertThat(Reasons.of(new IOException("something else"))).isEqualTo("something else");
        assertThat(Reasons.of(new IOException())).isEqualTo("IOException");
    }
}
