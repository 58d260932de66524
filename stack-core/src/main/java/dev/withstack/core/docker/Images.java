package dev.withstack.core.docker;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Make calls on images. An image is named by reference ({@code redis:7-alpine}) or id.
 *
 * <p>What may be thrown stands at {@link DockerEngine}.
 */
public final class Images {

    private static final Duration LONGEST_UNPACKING = Duration.ofMinutes(2);

    private final EngineClient client;

    Images(EngineClient client) {
        this.client = client;
    }

    /** List images that have a name, or had one. */
    public List<ImageSummary> list(LabelFilter filter) {
        List<ImageSummary> images = new ArrayList<>();
        for (JsonObject json : client.objects(filter.addTo(Call.get("/images/json")))) {
            images.add(ImageSummary.of(json));
        }
        return images;
    }

    /** Return what the engine knows of the image. */
    public ImageDetails inspect(String reference) {
        return ImageDetails.of(client.object(Call.get(Call.path("/images/", reference, "/json"))));
    }

    /** Return what the engine knows of the image; empty if it is not there. */
    public Optional<ImageDetails> find(String reference) {
        try {
            return Optional.of(inspect(reference));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    /** Give the image another name, taking that name from any image that had it. */
    public void tag(String reference, String name) {
        Reference parts = Reference.of(name);
        client.run(Call.post(Call.path("/images/", reference, "/tag"))
                .query("repo", parts.repository())
                .query("tag", parts.tag()));
    }

    /**
     * Take the name from the image, and remove it with its last name.
     *
     * @throws ConflictException if a container was made from it
     */
    public void remove(String reference) {
        client.run(Call.delete(Call.path("/images/", reference, "")));
    }

    /**
     * Pull an image, which ends the same way whether it is there or not.
     *
     * <p>Progress reaches the consumer on this thread. An interrupt of this thread gives the pull up.
     *
     * @param reference the image, by tag ({@code latest} if none) or digest
     * @param registryAuth the value of {@code X-Registry-Auth}: base64url of the credentials' JSON; none when empty
     * @param longestSilence how long to wait for the next sign of progress
     * @throws PullException if it fails, or makes no progress
     */
    public void pull(
            String reference,
            Optional<String> registryAuth,
            Duration longestSilence,
            Consumer<? super PullProgress> progress) {
        Reference parts = Reference.of(reference);
        Call call = Call.post("/images/create")
                .query("fromImage", parts.repository())
                .query("tag", parts.tag())
                .silence(longestSilence);
        registryAuth.ifPresent(auth -> call.header("X-Registry-Auth", auth));
        try (Response response = client.open(call)) {
            readProgress(reference, response, progress);
        } catch (DockerException e) {
            throw new PullException(reference, e.engineMessage());
        } catch (EngineTimeoutException e) {
            throw silent(reference, longestSilence);
        } catch (SocketTimeoutException e) {
            throw silent(reference, longestSilence);
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    /**
     * Make an image of one layer that has the files of a tar archive, taking the name from any image that had it. It is
     * there when all has arrived, or not at all. The caller closes the stream.
     */
    public void load(String name, Map<String, String> labels, InputStream tar) {
        Reference parts = Reference.of(name);
        Call call = Call.post("/images/create")
                .query("fromSrc", "-")
                .query("repo", parts.repository())
                .query("tag", parts.tag())
                .stream(tar, "application/x-tar")
                .waits(LONGEST_UNPACKING);
        labels.forEach((label, value) -> call.query("changes", "LABEL " + label + "=\"" + value + "\""));
        try (Response response = client.open(call)) {
            readProgress(name, response, progress -> {});
        } catch (PullException e) {
            throw new DockerException(500, e.detail(), call.toString());
        } catch (IOException e) {
            throw client.failure(e, call);
        }
    }

    private static void readProgress(String reference, Response response, Consumer<? super PullProgress> progress)
            throws IOException {
        JsonLines lines = new JsonLines(response);
        for (JsonObject json = lines.next(); json != null; json = lines.next()) {
            if (json.has("error") || json.has("errorDetail")) {
                String detail = json.object("errorDetail").text("message");
                throw new PullException(reference, detail.isEmpty() ? json.text("error") : detail);
            }
            progress.accept(PullProgress.of(json));
        }
    }

    private static PullException silent(String reference, Duration longestSilence) {
        return new PullException(reference, "no progress within " + Durations.text(longestSilence));
    }

    /** A reference in the two parts that the engine wants: a digest counts as a tag. */
    private record Reference(String repository, String tag) {

        static Reference of(String reference) {
            int digest = reference.indexOf('@');
            String name = digest < 0 ? reference : reference.substring(0, digest);
            int colon = name.lastIndexOf(':');
            boolean tagged = colon > name.lastIndexOf('/');
            String tag = tagged ? name.substring(colon + 1) : "latest";
            return new Reference(
                    tagged ? name.substring(0, colon) : name, digest < 0 ? tag : reference.substring(digest + 1));
        }
    }
}
