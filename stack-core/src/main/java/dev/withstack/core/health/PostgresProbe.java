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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Logs in by PostgreSQL's wire protocol (version 3.0), over TCP: the server of the initialisation phase listens on its
 * Unix socket only, so a login means that the real one is there. It also proves the configured credentials, which the
 * server takes on an empty volume only.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">the protocol</a>
 */
final class PostgresProbe {
    private static final int PROTOCOL_3_0 = 196608;
    private static final int LARGEST_MESSAGE = 1 << 20;

    private static final int AUTHENTICATED = 0;
    private static final int CLEARTEXT = 3;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private static final String INVALID_PASSWORD = "28P01";
    private static final String INVALID_AUTHORIZATION = "28000";
    private static final String UNKNOWN_DATABASE = "3D000";

    private final String user;
    private final String password;
    private final String database;

    PostgresProbe(String user, String password, String database) {
        this.user = user;
        this.password = password;
        this.database = database;
    }

    Answer ask(HostAndPort address) throws IOException {
        try (Wire wire = Wire.open(address)) {
            DataOutputStream out = new DataOutputStream(wire.out());
            DataInputStream in = new DataInputStream(wire.in());
            sendStartup(out);
            Scram scram = new Scram(password);
            while (true) {
                char type = (char) in.readByte();
                byte[] body = readBody(in);
                switch (type) {
                    case 'E':
                        return judge(errorFields(body));
                    case 'Z':
                        send(out, 'X', new byte[0]);
                        return Answer.READY;
                    case 'R':
                        authenticate(body, scram, out);
                        break;
                    default:
                        // parameters and keys, of no interest here
                        break;
                }
            }
        } catch (GeneralSecurityException e) {
            return new Answer.NotReady("PostgreSQL's login failed: " + e.getMessage());
        }
    }

    private void sendStartup(DataOutputStream out) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.writeInt(PROTOCOL_3_0);
        for (String text : new String[] {"user", user, "database", database, "application_name", "withstack"}) {
            data.write(text.getBytes(StandardCharsets.UTF_8));
            data.writeByte(0);
        }
        data.writeByte(0);
        out.writeInt(body.size() + 4);
        out.write(body.toByteArray());
        out.flush();
    }

    private void authenticate(byte[] body, Scram scram, DataOutputStream out)
            throws IOException, GeneralSecurityException {
        if (body.length < 4) {
            throw noPostgres();
        }
        int kind = ByteBuffer.wrap(body).getInt();
        byte[] data = Arrays.copyOfRange(body, 4, body.length);
        switch (kind) {
            case AUTHENTICATED -> {}
            case CLEARTEXT -> send(out, 'p', terminated(password));
            case MD5 -> send(out, 'p', terminated(md5(data)));
            case SASL -> send(out, 'p', saslInitial(scram.clientFirst()));
            case SASL_FINAL -> scram.checkServer(text(data));
            case SASL_CONTINUE -> send(out, 'p', scram.clientFinal(text(data)).getBytes(StandardCharsets.UTF_8));
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

    private String md5(byte[] salt) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        String inner = HexFormat.of().formatHex(digest.digest((password + user).getBytes(StandardCharsets.UTF_8)));
        digest.update(inner.getBytes(StandardCharsets.US_ASCII));
        return "md5" + HexFormat.of().formatHex(digest.digest(salt));
    }

    private Answer judge(Map<Character, String> error) {
        String code = error.getOrDefault('C', "");
        String message = error.getOrDefault('M', "no reason given");
        return switch (code) {
            case INVALID_PASSWORD, INVALID_AUTHORIZATION ->
                new Answer.Hopeless(
                        "PostgreSQL refuses the configured login: " + message,
                        "PostgreSQL takes user and password only when its volume is new. Set the ones the volume was made"
                                + " with, change them with ALTER ROLE in its shell, or begin afresh with: reset.");
            case UNKNOWN_DATABASE ->
                new Answer.Hopeless(
                        "PostgreSQL has no such database: " + message,
                        "PostgreSQL creates its database only when its volume is new. Set the name the volume was made"
                                + " with, create it with CREATE DATABASE in its shell, or begin afresh with: reset.");
            default -> new Answer.NotReady("PostgreSQL says: " + message);
        };
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

    private static byte[] readBody(DataInputStream in) throws IOException {
        int length = in.readInt() - 4;
        if (length < 0 || length > LARGEST_MESSAGE) {
            throw noPostgres();
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    private static IOException noPostgres() {
        return new IOException("answered something that is not PostgreSQL's protocol");
    }

    private static void send(DataOutputStream out, char type, byte[] body) throws IOException {
        out.writeByte(type);
        out.writeInt(body.length + 4);
        out.write(body);
        out.flush();
    }

    private static byte[] terminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
