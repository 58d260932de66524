package dev.withstack.launcher.frostbyte;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A reader of the pipeline's server-sent events on a connection of its own. */
final class EventStream implements AutoCloseable {
    private static final int LONGEST_SILENCE = 20_000;

    private final Socket socket;
    private final BufferedReader lines;

    private EventStream(Socket socket, BufferedReader lines) {
        this.socket = socket;
        this.lines = lines;
    }

    /** Connect and read the answer's head. */
    static EventStream open(URI address) throws IOException {
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(LONGEST_SILENCE);
        String request = "GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getHost() + ":"
                + address.getPort() + "\r\nAccept: text/event-stream\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String status = lines.readLine();
        if (status == null || !status.contains(" 200 ")) {
            socket.close();
            throw new AssertionError(address + " answers " + status);
        }
        for (String line = status; line != null && !line.isEmpty(); ) {
            line = lines.readLine();
        }
        return new EventStream(socket, lines);
    }

    /** Return the next line that has data; the sizes of chunks, comments and empty lines are passed over. */
    String line() throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                return line;
            }
        }
        throw new AssertionError("The stream ended.");
    }

    Map<String, Object> event() throws IOException {
        return JSON.std.mapFrom(line().substring("data:".length()));
    }

    /** Read on until a document is done or failed, and return its events. */
    List<Map<String, Object>> untilDone(String document) throws IOException {
        List<Map<String, Object>> events = new ArrayList<>();
        while (true) {
            Map<String, Object> event = event();
            if (document.equals(event.get("document"))) {
                events.add(event);
                if (List.of("DONE", "FAILED").contains(String.valueOf(event.get("stage")))) {
                    return events;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
