package dev.withstack.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.withstack.core.model.HostAndPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RedisSessionTests {

    @Test
    void callWhenTheServerAnswersIsUnderstood() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RedisSession session = open(server);
                Socket client = server.accept()) {
            say(client, "+OK\r\n:12\r\n$5\r\nhe\r\no\r\n$-1\r\n*2\r\n:1\r\n$1\r\nx\r\n");

            List<RedisSession.Reply> replies = session.callAll(List.of(
                    RedisSession.words("A", "b"),
                    RedisSession.words("B"),
                    RedisSession.words("C"),
                    RedisSession.words("D"),
                    RedisSession.words("E")));

            assertThat(replies.get(0).text()).isEqualTo("OK");
            assertThat(replies.get(1).text()).isEqualTo("12");
            assertThat(replies.get(2).text()).isEqualTo("he\r\no");
            assertThat(replies.get(3)).isEqualTo(new RedisSession.Reply.None());
            assertThat(replies.get(4).all())
                    .extracting(RedisSession.Reply::text)
                    .containsExactly("1", "x");
            assertThat(new String(client.getInputStream().readNBytes(16), StandardCharsets.UTF_8))
                    .isEqualTo("*2\r\n$1\r\nA\r\n$1\r\nb");
        }
    }

    @Test
    void callWhenItIsRefusedSaysWhy() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RedisSession session = open(server);
                Socket client = server.accept()) {
            say(client, "-NOAUTH Authentication required.\r\n");

            assertThatThrownBy(() -> session.call("FLUSHALL"))
                    .hasMessage("FLUSHALL was refused: NOAUTH Authentication required.");
        }
    }

    @Test
    void callWhenTheServerIsSomethingElseFails() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RedisSession session = open(server);
                Socket client = server.accept()) {
            say(client, "HTTP/1.1 400 Bad Request\r\n\r\n");

            assertThatThrownBy(() -> session.call("PING")).hasMessage("answered something that is not Redis' protocol");
        }
    }

    private static RedisSession open(ServerSocket server) throws IOException {
        return RedisSession.open(new HostAndPort("127.0.0.1", server.getLocalPort()));
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
