package dev.withstack.core.docker;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Talk to a Docker engine over its HTTP API.
 *
 * <p>Opening does not contact the engine; the first call does, and agrees on the API version. All calls may be made by
 * several threads at once, each over a connection of its own that is kept for the next. A call ends early when its
 * thread is interrupted or the engine object is closed. Whoever opens it closes it; closing ends all streams.
 *
 * <p>Every call may throw {@link EngineUnreachableException}, {@link EngineTooOldException},
 * {@link EngineTimeoutException}, {@link EngineInterruptedException}, and {@link DockerException} when the engine
 * refuses, as {@link NotFoundException} or {@link ConflictException} where that is the reason.
 */
public final class DockerEngine implements AutoCloseable {

    private final EngineClient client;
    private final Containers containers;
    private final Images images;
    private final Networks networks;
    private final Volumes volumes;

    private DockerEngine(EngineClient client) {
        this.client = client;
        this.containers = new Containers(client);
        this.images = new Images(client);
        this.networks = new Networks(client);
        this.volumes = new Volumes(client);
    }

    /** Open a client of the located engine, with the usual time-outs. */
    public static DockerEngine open(LocatedEngine engine) {
        return open(engine, EngineTimeouts.usual());
    }

    /** Open a client of the located engine. */
    public static DockerEngine open(LocatedEngine engine, EngineTimeouts timeouts) {
        return new DockerEngine(new EngineClient(engine, timeouts));
    }

    /** Return which engine this is, and why this one. */
    public LocatedEngine located() {
        return client.engine();
    }

    /** Return the API version that is spoken with it: {@code 1.41}. */
    public String apiVersion() {
        return "1." + client.minorVersion();
    }

    /** Ask who the engine is. */
    public EngineVersion version() {
        return EngineVersion.of(client.object(Call.get("/version")));
    }

    /** Ask what the engine runs on; slow for a call, some 20 ms. */
    public EngineInfo info() {
        return EngineInfo.of(client.object(Call.get("/info")));
    }

    /** Return the calls on containers. */
    public Containers containers() {
        return containers;
    }

    /** Return the calls on images. */
    public Images images() {
        return images;
    }

    /** Return the calls on networks. */
    public Networks networks() {
        return networks;
    }

    /** Return the calls on volumes. */
    public Volumes volumes() {
        return volumes;
    }

    /**
     * Follow what happens at the engine.
     *
     * <p>On return the engine has taken the subscription. Over a Unix socket, events from the moment of the call on
     * are asked for, so that none falls into the gap before the engine listens; elsewhere clocks may differ: give
     * {@link EventFilter#since} if the gap matters. The end of the stream is reported, not repaired.
     */
    public Follow events(EventFilter filter, StreamListener<EngineEvent> listener) {
        Call call = filter.addTo(Call.get("/events")).endless();
        Instant since = filter.since().orElse(null);
        if (since == null && located().address() instanceof EngineAddress.Unix) {
            since = Instant.now();
        }
        if (since != null) {
            call.query("since", Rfc3339.unixTime(since));
        }
        Response response = client.open(call);
        return Follow.start(client, call, response, () -> readEvents(response, listener), listener);
    }

    /**
     * Return what has happened at the engine until now, oldest first.
     *
     * @param filter with the beginning, {@link EventFilter#since}
     */
    public List<EngineEvent> pastEvents(EventFilter filter) {
        Call call = filter.addTo(Call.get("/events")).query("until", Rfc3339.unixTime(Instant.now()));
        filter.since().ifPresent(since -> call.query("since", Rfc3339.unixTime(since)));
        List<EngineEvent> events = new ArrayList<>();
        try (Response response = client.open(call)) {
            JsonLines lines = new JsonLines(response);
            for (JsonObject json = lines.next(); json != null; json = lines.next()) {
                events.add(EngineEvent.of(json));
            }
        } catch (IOException e) {
            throw client.failure(e, call);
        }
        return events;
    }

    private static void readEvents(Response response, StreamListener<EngineEvent> listener) throws IOException {
        JsonLines lines = new JsonLines(response);
        for (JsonObject json = lines.next(); json != null; json = lines.next()) {
            listener.next(EngineEvent.of(json));
        }
    }

    /** Close all connections; calls and streams in progress end. */
    @Override
    public void close() {
        client.close();
    }
}
