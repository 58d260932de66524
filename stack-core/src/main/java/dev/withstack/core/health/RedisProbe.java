package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Sends PING as the Redis protocol has it, after AUTH where a password is configured. */
final class RedisProbe {
    private static final int LONGEST_LINE = 1024;

    private final Optional<String> password;

    RedisProbe(Optional<String> password) {
        this.password = password;
    }

    Answer ask(HostAndPort address) throws IOException {
        try (Wire wire = Wire.open(address)) {
            if (password.isPresent()) {
                String login = call(wire, "AUTH", password.get());
                if (!login.equals("+OK")) {
                    return judge("AUTH", login);
                }
            }
            String pong = call(wire, "PING");
            return pong.equals("+PONG") ? Answer.READY : judge("PING", pong);
        }
    }

    private static Answer judge(String command, String answer) {
        if (answer.startsWith("-LOADING")) {
            return new Answer.NotReady("Redis is loading its data");
        }
        boolean isRefusal = answer.startsWith("-WRONGPASS")
                || answer.startsWith("-NOAUTH")
                || (command.equals("AUTH") && answer.startsWith("-ERR"));
        return isRefusal
                ? new Answer.Hopeless(
                        "Redis refuses the configured password: " + answer.substring(1),
                        "Set the password that the server was started with.")
                : new Answer.NotReady(command + " answered " + answer);
    }

    private static String call(Wire wire, String... words) throws IOException {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        wire.out().write(request.toString().getBytes(StandardCharsets.UTF_8));
        return readLine(wire);
    }

    private static String readLine(Wire wire) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = wire.in().read(); next != '\n'; next = wire.in().read()) {
            if (next < 0) {
                throw new EOFException();
            } else if (line.size() == LONGEST_LINE) {
                throw new IOException("answered something that is not Redis' protocol");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
