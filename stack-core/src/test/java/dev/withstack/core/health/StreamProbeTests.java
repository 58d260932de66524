package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.withstack.core.model.HostAndPort;
import dev.withstack.core.model.StreamCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamProbeTests {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

    @Test
    void askWhenAnEventHasTheFieldIsReadyWithoutWaitingForTheEnd() throws Exception {
        assertThat(ask(HEAD + ": hello\r\n\r\n1f\r\ndata: {\"stage\": \"STORED\"}\n\n", Ending.OPEN))
                .isEqualTo(Answer.READY);
    }

    @Test
    void askWhenEventsLackTheFieldSaysWhatTheLastOneWas() throws Exception {
        assertThat(ask(HEAD + "data: {\"other\": 1}\n\n", Ending.CLOSED).text())
                .isEqualTo("GET /stream gave no event with \"stage\"; its last was: data: {\"other\": 1}");
    }

    @Test
    void askWhenTheStreamIsSilentSaysSo() throws Exception {
        assertThat(ask(HEAD, Ending.OPEN).text()).isEqualTo("GET /stream: no answer in time");
    }

    @Test
    void askWhenTheStatusIsWrongShowsIt() throws Exception {
        assertThat(ask("HTTP/1.1 401 Unauthorized\r\n\r\n", Ending.CLOSED).text())
                .isEqualTo("GET /stream answered 'HTTP/1.1 401 Unauthorized'");
    }

    @Test
    void askWhenNobodyListensSaysSo() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }

        assertThat(probe().ask(new HostAndPort("127.0.0.1", port)).text()).isEqualTo("GET /stream: connection refused");
    }

    private enum Ending {
        OPEN,
        CLOSED
    }

    private static StreamProbe probe() {
        return new StreamProbe(new StreamCheck("http", "/stream", "stage"), Duration.ofMillis(200));
    }

    private static Answer ask(String answer, Ending ending) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> serve(server, answer, ending));
            answering.start();
            Answer result = probe().ask(new HostAndPort("127.0.0.1", server.getLocalPort()));
            server.close();
            answering.join();
            return result;
        }
    }

    private static void serve(ServerSocket server, String answer, Ending ending) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            if (ending == Ending.OPEN) {
                // until the other side has had enough
                byte[] unused = socket.getInputStream().readAllBytes();
            } else {
                socket.shutdownOutput();
                byte[] unused = socket.getInputStream().readAllBytes();
            }
        } catch (IOException e) {
            // the other side went away
        }
    }
}
