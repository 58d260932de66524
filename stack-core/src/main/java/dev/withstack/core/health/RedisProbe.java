package dev.withstack.core.health;

import dev.withstack.core.model.HostAndPort;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Sends PING as the Redis protocol has it, after AUTH where a password is configured. */
final class RedisProbe {
    private final Optional<String> password;

    RedisProbe(Optional<String> password) {
        this.password = password;
    }

    Answer ask(HostAndPort address) throws IOException {
        try (Socket socket = Wire.open(address)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            if (password.isPresent()) {
                String login = call(socket, in, "AUTH", password.get());
                if (!login.startsWith("+")) {
                    return refused(login);
                }
            }
            String pong = call(socket, in, "PING");
            if (pong.startsWith("-NOAUTH")) {
                return refused(pong);
            }
            return pong.equals("+PONG") ? Answer.READY : new Answer.NotReady("PING answered " + pong);
        }
    }

    private static Answer refused(String answer) {
        return answer.startsWith("-LOADING")
                ? new Answer.NotReady("Redis is loading its data")
                : new Answer.Hopeless(
                        "Redis refuses the configured password: " + answer.substring(1),
                        "Set the password that the server was started with.");
    }

    private static String call(Socket socket, BufferedReader in, String... words) throws IOException {
        StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            request.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
        String line = in.readLine();
        if (line == null) {
            throw new EOFException();
        }
        return line;
    }
}
