package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server in this process that speaks the wire protocol as the server of PostgreSQL does. */
@Timeout(20)
class PostgresSessionTests {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Test
    void queryWhenRowsComeGivesThemAsTextsANullAsAnEmptyOne() throws Exception {
        try (FakeServer server = new FakeServer(client -> {
                    Server session = new Server(client);
                    session.logIn();
                    heard.add(session.read());
                    session.say('T', new byte[2]);
                    session.row("1", "one");
                    session.row("2", null);
                    session.say('C', text("SELECT 2\0"));
                    session.say('Z', text("I"));
                    heard.add(session.read());
                });
                PostgresSession session = PostgresSession.open(server.address(), "anna", "pencil", "shop")) {
            assertThat(session.query("SELECT * FROM numbers")).containsExactly(List.of("1", "one"), List.of("2", ""));
        }
        assertThat(heard).containsExactly("Q SELECT * FROM numbers\0", "X ");
    }

    @Test
    void queryWhenItIsRefusedSaysWhyAndTheNextOneIsAnswered() throws Exception {
        try (FakeServer server = new FakeServer(client -> {
                    Server session = new Server(client);
                    session.logIn();
                    String unused = session.read();
                    session.say('E', text("SERROR\0C42P01\0Mrelation \"numbers\" does not exist\0\0"));
                    session.say('Z', text("I"));
                    unused = session.read();
                    session.row("3");
                    session.say('Z', text("I"));
                    unused = session.read();
                });
                PostgresSession session = PostgresSession.open(server.address(), "anna", "pencil", "shop")) {
            assertThatThrownBy(() -> session.query("SELECT * FROM numbers"))
                    .isInstanceOfSatisfying(
                            PostgresSession.RefusedException.class,
                            refused -> assertThat(refused.code()).isEqualTo("42P01"))
                    .hasMessage("relation \"numbers\" does not exist");
            assertThat(session.query("SELECT 3")).containsExactly(List.of("3"));
        }
    }

    @Test
    void copyWhenDataGoesOutAndInIsTheSame() throws Exception {
        byte[] data = new byte[100_000];
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        try (FakeServer server = new FakeServer(client -> {
                    Server session = new Server(client);
                    session.logIn();
                    String unused = session.read();
                    session.say('H', new byte[3]);
                    session.say('d', data);
                    session.say('c', new byte[0]);
                    session.say('Z', text("I"));
                    unused = session.read();
                    session.say('G', new byte[3]);
                    String part = session.read();
                    while (part.startsWith("d ")) {
                        taken.write(text(part.substring(2)));
                        part = session.read();
                    }
                    heard.add(part);
                    session.say('Z', text("I"));
                    unused = session.read();
                });
                PostgresSession session = PostgresSession.open(server.address(), "anna", "pencil", "shop")) {
            assertThat(session.copyOut("COPY numbers TO STDOUT")).isEqualTo(data);
            session.copyIn("COPY numbers FROM STDIN", data);
        }
        assertThat(taken.toByteArray()).isEqualTo(data);
        assertThat(heard).containsExactly("c ");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The server's side. */
    private static final class Server {
        private final DataInputStream in;
        private final DataOutputStream out;

        Server(Socket client) throws IOException {
            this.in = new DataInputStream(client.getInputStream());
            this.out = new DataOutputStream(client.getOutputStream());
        }

        void logIn() throws IOException {
            byte[] unused = in.readNBytes(in.readInt() - 4);
            say('R', new byte[4]);
            say('Z', text("I"));
        }

        String read() throws IOException {
            char type = (char) in.readByte();
            return type + " " + new String(in.readNBytes(in.readInt() - 4), StandardCharsets.UTF_8);
        }

        void say(char type, byte[] body) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
        }

        void row(String... values) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream body = new DataOutputStream(bytes);
            body.writeShort(values.length);
            for (String value : values) {
                body.writeInt(value == null ? -1 : text(value).length);
                body.write(value == null ? new byte[0] : text(value));
            }
            say('D', bytes.toByteArray());
        }
    }
}
