package dev.withstack.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against servers in this process that speak the wire protocol as the server of PostgreSQL does. */
@Timeout(20)
class PostgresProbeTests {
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @Test
    void askWhenTheServerTrustsIsReadyAndSaysGoodbye() throws Exception {
        Answer answer = ask(session -> {
            session.startup();
            session.authentication(0);
            session.message('S', "server_version\00016.4\000");
            session.message('N', "SNOTICE\000Mhello\000\000");
            session.message('K', "12345678");
            session.message('Z', "I");
            session.read();
        });

        assertThat(answer).isEqualTo(Answer.READY);
        assertThat(heard).containsExactly("user anna database shop application_name withstack", "X ");
    }

    @Test
    void askWhenThePasswordIsAskedInTheClearSendsIt() throws Exception {
        Answer answer = ask(session -> {
            session.startup();
            session.authentication(3);
            session.read();
            session.ready();
        });

        assertThat(answer).isEqualTo(Answer.READY);
        assertThat(heard).contains("p pencil\000");
    }

    @Test
    void askWhenMd5IsAskedForSendsTheDigest() throws Exception {
        byte[] salt = {1, 2, 3, 4};

        Answer answer = ask(session -> {
            session.startup();
            session.authentication(5, salt);
            session.read();
            session.ready();
        });

        assertThat(answer).isEqualTo(Answer.READY);
        String inner = md5("pencilanna".getBytes(StandardCharsets.UTF_8));
        byte[] salted = Arrays.copyOf(inner.getBytes(StandardCharsets.UTF_8), 36);
        System.arraycopy(salt, 0, salted, 32, 4);
        assertThat(heard).contains("p md5" + md5(salted) + "\000");
    }

    @Test
    void askWhenScramIsAskedForProvesThePassword() throws Exception {
        assertThat(ask(session -> session.scram("pencil"))).isEqualTo(Answer.READY);
        assertThat(heard).contains("proof is right");
    }

    @Test
    void askWhenTheServerTakesAScramLoginWithoutKnowingThePasswordIsNotFooled() {
        assertThatThrownBy(() -> ask(session -> session.scram("another")))
                .isInstanceOf(IOException.class)
                .hasMessage("took a SCRAM login without knowing the password");
        assertThat(heard).contains("proof is wrong");
    }

    @Test
    void askWhenThePasswordIsWrongIsHopelessWithTheWayOut() throws Exception {
        Answer answer = error("28P01", "password authentication failed for user \"anna\"");

        assertThat(answer)
                .isEqualTo(new Answer.Hopeless(
                        "PostgreSQL refuses the configured login: password authentication failed for user \"anna\"",
                        "PostgreSQL takes user and password only when its volume is new. Set the ones the volume was"
                                + " made with, change them with ALTER ROLE in its shell, or begin afresh with:"
                                + " reset."));
    }

    @Test
    void askWhenTheUserIsUnknownIsHopeless() throws Exception {
        assertThat(error("28000", "role \"anna\" does not exist"))
                .isInstanceOfSatisfying(Answer.Hopeless.class, hopeless -> assertThat(hopeless.reason())
                        .isEqualTo("PostgreSQL refuses the configured login: role \"anna\" does not exist"));
    }

    @Test
    void askWhenTheDatabaseIsUnknownIsHopelessWithTheWayOut() throws Exception {
        assertThat(error("3D000", "database \"shop\" does not exist"))
                .isEqualTo(new Answer.Hopeless(
                        "PostgreSQL has no such database: database \"shop\" does not exist",
                        "PostgreSQL creates its database only when its volume is new. Set the name the volume was made"
                                + " with, create it with CREATE DATABASE in its shell, or begin afresh with: reset."));
    }

    @Test
    void askWhenItIsStartingUpIsNotReadyYet() throws Exception {
        assertThat(error("57P03", "the database system is starting up"))
                .isEqualTo(new Answer.NotReady("PostgreSQL says: the database system is starting up"));
        assertThat(error("53300", "sorry, too many clients already"))
                .isEqualTo(new Answer.NotReady("PostgreSQL says: sorry, too many clients already"));
    }

    @Test
    void askWhenAnErrorHasNoFieldsIsNotReadyYet() throws Exception {
        assertThat(ask(session -> {
                    session.startup();
                    session.message('E', "\000");
                }))
                .isEqualTo(new Answer.NotReady("PostgreSQL says: no reason given"));
    }

    @Test
    void askWhenThePortProxyAcceptsAndClosesSaysThat() {
        assertThatThrownBy(() -> ask(session -> {})).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ask(Session::startup)).isInstanceOf(EOFException.class);
    }

    @Test
    void askWhenTheKindOfLoginIsUnknownSaysWhich() {
        assertThatThrownBy(() -> ask(session -> {
                    session.startup();
                    session.authentication(7);
                }))
                .hasMessage("PostgreSQL asks for a kind of login (7) that is not supported");
    }

    @Test
    void askWhenTheServerIsAnotherSaysSo() {
        String notPostgres = "answered something that is not PostgreSQL's protocol";

        assertThatThrownBy(() -> ask(session -> session.raw("HTTP/1.1 400 Bad Request\r\n\r\n")))
                .hasMessage(notPostgres);
        assertThatThrownBy(() -> ask(session -> session.raw("Z\000\000\000\001")))
                .hasMessage(notPostgres);
        assertThatThrownBy(() -> ask(session -> {
                    session.startup();
                    session.message('R', "xx");
                }))
                .hasMessage(notPostgres);
    }

    @Test
    void askWhenASecondKindOfScramMessageIsUnsoundSaysSo() {
        assertThatThrownBy(() -> ask(session -> {
                    session.startup();
                    session.authentication(10, "SCRAM-SHA-256\000\000".getBytes(StandardCharsets.UTF_8));
                    session.read();
                    session.authentication(11, "r=stolen,s=AAAA,i=1".getBytes(StandardCharsets.UTF_8));
                }))
                .hasMessage("answered a SCRAM login with 'r=stolen,s=AAAA,i=1', which is not sound");
    }

    private Answer error(String code, String message) throws IOException {
        return ask(session -> {
            session.startup();
            session.message('E', "SFATAL\000VFATAL\000C" + code + "\000M" + message + "\000\000");
        });
    }

    @FunctionalInterface
    private interface Conversation {
        void with(Session session) throws Exception;
    }

    private Answer ask(Conversation conversation) throws IOException {
        heard.clear();
        try (FakeServer server = new FakeServer(client -> conversation.with(new Session(client, heard)))) {
            return new PostgresProbe("anna", "pencil", "shop").ask(server.address());
        }
    }

    private static String md5(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    }

    /** The server's side of one connection. */
    private static final class Session {
        private final DataInputStream in;
        private final DataOutputStream out;
        private final List<String> heard;

        Session(Socket client, List<String> heard) throws IOException {
            this.in = new DataInputStream(client.getInputStream());
            this.out = new DataOutputStream(client.getOutputStream());
            this.heard = heard;
        }

        void startup() throws IOException {
            byte[] body = in.readNBytes(in.readInt() - 4);
            String text = new String(body, 4, body.length - 4, StandardCharsets.UTF_8);
            assertThat(body).startsWith(0, 3, 0, 0);
            heard.add(text.replace('\000', ' ').strip());
        }

        byte[] read() throws IOException {
            char type = (char) in.readByte();
            byte[] body = in.readNBytes(in.readInt() - 4);
            heard.add(type + " " + new String(body, StandardCharsets.UTF_8));
            return body;
        }

        void authentication(int kind, byte... data) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            new DataOutputStream(body).writeInt(kind);
            body.write(data);
            message('R', body.toByteArray());
        }

        void message(char type, String body) throws IOException {
            message(type, body.getBytes(StandardCharsets.UTF_8));
        }

        void message(char type, byte[] body) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
        }

        void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            startup();
        }

        void ready() throws IOException {
            authentication(0);
            message('Z', "I");
            read();
        }

        /** Log in by SCRAM-SHA-256 as a server that has this password, telling whether the proof was right. */
        void scram(String password) throws Exception {
            startup();
            authentication(10, "SCRAM-SHA-256\000\000".getBytes(StandardCharsets.UTF_8));
            byte[] initial = read();
            int begin = "SCRAM-SHA-256".length() + 5;
            String first = new String(initial, begin, initial.length - begin, StandardCharsets.UTF_8);
            assertThat(first).startsWith("n,,n=,r=");
            String nonce = first.substring("n,,n=,r=".length()) + "server";
            byte[] salt = "salt".getBytes(StandardCharsets.UTF_8);
            String serverFirst = "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(salt) + ",i=10";
            authentication(11, serverFirst.getBytes(StandardCharsets.UTF_8));
            String last = new String(read(), StandardCharsets.UTF_8);

            String withoutProof = last.substring(0, last.indexOf(",p="));
            String both = first.substring(3) + "," + serverFirst + "," + withoutProof;
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 10, 256))
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), both);
            byte[] proof = Base64.getDecoder().decode(last.substring(last.indexOf(",p=") + 3));
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= signature[i];
            }
            heard.add(Arrays.equals(proof, clientKey) ? "proof is right" : "proof is wrong");
            String serverFinal = "v=" + Base64.getEncoder().encodeToString(hmac(hmac(salted, "Server Key"), both));
            authentication(12, serverFinal.getBytes(StandardCharsets.UTF_8));
            ready();
        }

        private static byte[] hmac(byte[] key, String text) throws Exception {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
