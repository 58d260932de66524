package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A session with a PostgreSQL server, by its wire protocol (version 3.0) over TCP: as much of it as logging in, simple
 * queries and copies need. Closing it says goodbye. Not safe for use by several threads.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">the protocol</a>
 */
public final class PostgresSession implements AutoCloseable {
    private static final int PROTOCOL_3_0 = 196608;
    private static final int LARGEST_MESSAGE = 1 << 30;
    private static final int LARGEST_WHILE_LOGGING_IN = 1 << 20;
    private static final int COPY_CHUNK = 1 << 16;

    private static final int AUTHENTICATED = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private final Wire wire;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int largestMessage = LARGEST_WHILE_LOGGING_IN;

    private PostgresSession(Wire wire) {
        this.wire = wire;
        this.in = new DataInputStream(wire.in());
        this.out = new DataOutputStream(wire.out());
    }

    /** Thrown when the server refuses what it is asked. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String code;

        RefusedException(Map<Character, String> fields) {
            super(fields.getOrDefault('M', "no reason given"));
            this.code = fields.getOrDefault('C', "");
        }

        /** Return the server's code, such as {@code 3D000}. */
        public String code() {
            return code;
        }
    }

    /**
     * Log in.
     *
     * @throws RefusedException if the server lets nobody in, or not with this login
     */
    public static PostgresSession open(HostAndPort address, String user, String password, String database)
            throws IOException {
        Wire wire = Wire.open(address);
        try {
            PostgresSession session = new PostgresSession(wire);
            session.logIn(user, password, database);
            return session;
        } catch (GeneralSecurityException e) {
            wire.close();
            throw new IOException("PostgreSQL's login failed: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    /** Let whatever is asked from now on take at most so long, all together. */
    public void endWithin(Duration rest) {
        wire.endWithin(rest);
    }

    /**
     * Run the statements, in one transaction if they don't say otherwise.
     *
     * @return the rows of all of them, each value as text, a null as an empty one
     * @throws RefusedException if one of them fails
     */
    public List<List<String>> query(String statements) throws IOException {
        send('Q', terminated(statements));
        List<List<String>> rows = new ArrayList<>();
        awaitReady((type, body) -> {
            if (type == 'D') {
                rows.add(row(body));
            }
        });
        return rows;
    }

    /** Run {@code COPY … TO STDOUT} and return what it gives. */
    public byte[] copyOut(String statement) throws IOException {
        send('Q', terminated(statement));
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        awaitReady((type, body) -> {
            if (type == 'd') {
                data.write(body);
            }
        });
        return data.toByteArray();
    }

    /** Run {@code COPY … FROM STDIN} with this data. */
    public void copyIn(String statement, byte[] data) throws IOException {
        send('Q', terminated(statement));
        awaitReady((type, body) -> {
            if (type == 'G') {
                for (int from = 0; from < data.length; from += COPY_CHUNK) {
                    send('d', Arrays.copyOfRange(data, from, Math.min(data.length, from + COPY_CHUNK)));
                }
                send('c', new byte[0]);
            }
        });
    }

    /** What is done with a message of the server. */
    private interface Messages {
        void take(char type, byte[] body) throws IOException;
    }

    /** Read until the server is ready for the next query; what it refused is thrown then. */
    private void awaitReady(Messages messages) throws IOException {
        RefusedException refused = null;
        for (char type = readType(); type != 'Z'; type = readType()) {
            byte[] body = readBody();
            if (type == 'E') {
                refused = new RefusedException(errorFields(body));
            } else {
                messages.take(type, body);
            }
        }
        readBody();
        if (refused != null) {
            throw refused;
        }
    }

    private static List<String> row(byte[] body) {
        ByteBuffer data = ByteBuffer.wrap(body);
        int columns = data.getShort();
        List<String> row = new ArrayList<>(columns);
        for (int column = 0; column < columns; column++) {
            byte[] value = new byte[Math.max(0, data.getInt())];
            data.get(value);
            row.add(text(value));
        }
        return row;
    }

    private void logIn(String user, String password, String database) throws IOException, GeneralSecurityException {
        sendStartup(user, database);
        Scram scram = new Scram(password);
        for (char type = readType(); type != 'Z'; type = readType()) {
            byte[] body = readBody();
            if (type == 'E') {
                throw new RefusedException(errorFields(body));
            } else if (type == 'R') {
                authenticate(body, user, password, scram);
            }
            // what else there is, parameters and keys, is of no interest here
        }
        readBody();
        largestMessage = LARGEST_MESSAGE;
    }

    private void sendStartup(String user, String database) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeInt(PROTOCOL_3_0);
        for (String text : new String[] {"user", user, "database", database, "application_name", "withstack"}) {
            data.write(terminated(text));
        }
        data.writeByte(0);
        out.writeInt(body.size() + 4);
        out.write(body.toByteArray());
        out.flush();
    }

    private void authenticate(byte[] body, String user, String password, Scram scram)
            throws IOException, GeneralSecurityException {
        if (body.length < 4) {
            throw noPostgres();
        }
        int kind = ByteBuffer.wrap(body).getInt();
        byte[] data = Arrays.copyOfRange(body, 4, body.length);
        switch (kind) {
            case AUTHENTICATED -> {}
            case CLEARTEXT -> send('p', terminated(password));
            case MD5 -> send('p', terminated(md5(user, password, data)));
            case SASL -> send('p', saslInitial(scram.clientFirst()));
            case SASL_FINAL -> scram.checkServer(text(data));
            case SASL_CONTINUE -> send('p', scram.clientFinal(text(data)).getBytes(StandardCharsets.UTF_8));
            default ->
                throw new IOException("PostgreSQL asks for a kind of login (" + kind + ") that is not supported");
        }
    }

    private static byte[] saslInitial(String message) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        body.write(terminated("SCRAM-SHA-256"));
        new DataOutputStream(body).writeInt(bytes.length);
        body.write(bytes);
        return body.toByteArray();
    }

    private static String md5(String user, String password, byte[] salt) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        String inner = HexFormat.of().formatHex(digest.digest((password + user).getBytes(StandardCharsets.UTF_8)));
        digest.update(inner.getBytes(StandardCharsets.US_ASCII));
        return "md5" + HexFormat.of().formatHex(digest.digest(salt));
    }

    private static Map<Character, String> errorFields(byte[] body) {
        Map<Character, String> fields = new LinkedHashMap<>();
        for (String field : text(body).split("\0")) {
            if (!field.isEmpty()) {
                fields.put(field.charAt(0), field.substring(1));
            }
        }
        return fields;
    }

    private char readType() throws IOException {
        return (char) in.readByte();
    }

    private byte[] readBody() throws IOException {
        int length = in.readInt() - 4;
        if (length < 0 || length > largestMessage) {
            throw noPostgres();
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    private static IOException noPostgres() {
        return new IOException("answered something that is not PostgreSQL's protocol");
    }

    private void send(char type, byte[] body) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(body.length + 5);
        message.put((byte) type).putInt(body.length + 4).put(body);
        out.write(message.array());
        out.flush();
    }

    private static byte[] terminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        try (wire) {
            send('X', new byte[0]);
        }
    }
}
