package dev.withstack.core.data;

import dev.withstack.core.model.HostAndPort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection to a Redis server, by its protocol RESP. Values are bytes: a dumped key is no text. Not safe for use by
 * several threads.
 *
 * @see <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">the protocol</a>
 */
final class RedisSession implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_LINE = 1 << 16;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private RedisSession(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream());
    }

    static RedisSession open(HostAndPort address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) PATIENCE.toMillis());
            return new RedisSession(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** What the server answers. */
    sealed interface Reply {

        /** A text, a number or some bytes. */
        record Bytes(byte[] value) implements Reply {}

        /** Several answers in one. */
        record Several(List<Reply> values) implements Reply {}

        /** Nothing. */
        record None() implements Reply {}

        /** A refusal. */
        record Refused(String message) implements Reply {}

        default byte[] bytes() {
            return this instanceof Bytes some ? some.value() : new byte[0];
        }

        default String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        default List<Reply> all() {
            return this instanceof Several several ? several.values() : List.of();
        }
    }

    /** Words of a command, some of which are no texts. */
    static List<byte[]> words(Object... words) {
        List<byte[]> command = new ArrayList<>();
        for (Object word : words) {
            command.add(
                    word instanceof byte[] bytes ? bytes : String.valueOf(word).getBytes(StandardCharsets.UTF_8));
        }
        return command;
    }

    /** @throws IOException if the server refuses it */
    Reply call(Object... words) throws IOException {
        return callAll(List.of(words(words))).get(0);
    }

    /**
     * Send all commands, then read all answers.
     *
     * @throws IOException if the server refuses one
     */
    List<Reply> callAll(List<List<byte[]>> commands) throws IOException {
        for (List<byte[]> command : commands) {
            line("*" + command.size());
            for (byte[] word : command) {
                line("$" + word.length);
                out.write(word);
                line("");
            }
        }
        out.flush();
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            replies.add(read());
        }
        for (int i = 0; i < commands.size(); i++) {
            if (replies.get(i) instanceof Reply.Refused refused) {
                String command = new String(commands.get(i).get(0), StandardCharsets.UTF_8);
                throw new IOException(command + " was refused: " + refused.message());
            }
        }
        return replies;
    }

    private void line(String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private Reply read() throws IOException {
        String line = readLine();
        String rest = line.substring(1);
        switch (line.charAt(0)) {
            case '+', ':':
                return new Reply.Bytes(rest.getBytes(StandardCharsets.UTF_8));
            case '-':
                return new Reply.Refused(rest);
            case '$':
                return readBytes(Integer.parseInt(rest));
            case '*':
                return readSeveral(Integer.parseInt(rest));
            default:
                throw new IOException("answered something that is not Redis' protocol");
        }
    }

    private Reply readBytes(int length) throws IOException {
        if (length < 0) {
            return new Reply.None();
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.readNBytes(2).length < 2) {
            throw new EOFException();
        }
        return new Reply.Bytes(bytes);
    }

    private Reply readSeveral(int count) throws IOException {
        if (count < 0) {
            return new Reply.None();
        }
        List<Reply> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(read());
        }
        return new Reply.Several(values);
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            } else if (line.length() == LONGEST_LINE) {
                throw new IOException("answered something that is not Redis' protocol");
            }
            line.append((char) next);
        }
        if (line.length() < 2) {
            throw new IOException("answered something that is not Redis' protocol");
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
