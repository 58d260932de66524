package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RedisProbeTests {
    private final List<List<String>> commands = new CopyOnWriteArrayList<>();

    @Test
    void askWhenPongComesIsReady() throws Exception {
        assertThat(ask(Optional.empty(), "+PONG\r\n")).isEqualTo(Answer.READY);
        assertThat(commands).containsExactly(List.of("PING"));
    }

    @Test
    void askWhenThereIsAPasswordLogsInFirst() throws Exception {
        assertThat(ask(Optional.of("pässword"), "+OK\r\n", "+PONG\r\n")).isEqualTo(Answer.READY);
        assertThat(commands).containsExactly(List.of("AUTH", "pässword"), List.of("PING"));
    }

    @Test
    void askWhenThePasswordIsWrongIsHopeless() throws Exception {
        String said = "WRONGPASS invalid username-password pair or user is disabled.";

        assertThat(ask(Optional.of("wrong"), "-" + said + "\r\n")).isEqualTo(refused(said));
    }

    @Test
    void askWhenThePasswordIsNotAskedForIsHopeless() throws Exception {
        String said = "ERR AUTH <password> called without any password configured for the default user.";

        assertThat(ask(Optional.of("any"), "-" + said + "\r\n")).isEqualTo(refused(said));
    }

    @Test
    void askWhenAPasswordIsAskedForIsHopeless() throws Exception {
        assertThat(ask(Optional.empty(), "-NOAUTH Authentication required.\r\n"))
                .isEqualTo(refused("NOAUTH Authentication required."));
    }

    @Test
    void askWhenItIsLoadingIsNotReadyYet() throws Exception {
        Answer loading = new Answer.NotReady("Redis is loading its data");

        assertThat(ask(Optional.empty(), "-LOADING Redis is loading the dataset in memory\r\n"))
                .isEqualTo(loading);
        assertThat(ask(Optional.of("p"), "-LOADING Redis is loading the dataset in memory\r\n"))
                .isEqualTo(loading);
    }

    @Test
    void askWhenItAnswersSomethingElseIsNotReadyYet() throws Exception {
        assertThat(ask(Optional.empty(), "-MASTERDOWN Link with MASTER is down\r\n"))
                .isEqualTo(new Answer.NotReady("PING answered -MASTERDOWN Link with MASTER is down"));
        assertThat(ask(Optional.of("p"), "-BUSY Redis is busy running a script\r\n"))
                .isEqualTo(new Answer.NotReady("AUTH answered -BUSY Redis is busy running a script"));
        assertThat(ask(Optional.of("p"), "HTTP/1.1 400 Bad Request\r\n"))
                .isEqualTo(new Answer.NotReady("AUTH answered HTTP/1.1 400 Bad Request"));
        assertThat(ask(Optional.of("p"), "\r\n")).isEqualTo(new Answer.NotReady("AUTH answered "));
    }

    @Test
    void askWhenTheConnectionIsClosedSaysThat() {
        assertThatThrownBy(() -> ask(Optional.empty())).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> ask(Optional.empty(), "+PO")).isInstanceOf(EOFException.class);
    }

    @Test
    void askWhenTheLineNeverEndsGivesUp() {
        assertThatThrownBy(() -> ask(Optional.empty(), "x".repeat(5000)))
                .hasMessage("answered something that is not Redis' protocol");
    }

    private static Answer refused(String said) {
        return new Answer.Hopeless(
                "Redis refuses the configured password: " + said, "Set the password that the server was started with.");
    }

    private Answer ask(Optional<String> password, String... answers) throws IOException {
        commands.clear();
        try (FakeServer server = new FakeServer(client -> converse(client, answers))) {
            return new RedisProbe(password).ask(server.address());
        }
    }

    private void converse(Socket client, String... answers) throws IOException {
        for (String answer : answers) {
            commands.add(readCommand(client.getInputStream()));
            client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static List<String> readCommand(InputStream in) throws IOException {
        int count =
                Integer.parseInt(FakeServer.readUntil(in, "\r\n").substring(1).strip());
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(
                    FakeServer.readUntil(in, "\r\n").substring(1).strip());
            words.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
            in.skipNBytes(2);
        }
        return words;
    }
}
