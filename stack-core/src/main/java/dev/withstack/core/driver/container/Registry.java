package dev.withstack.core.driver.container;

import com.github.dockerjava.api.model.AuthConfig;
import dev.withstack.core.docker.DockerEngine;
import dev.withstack.core.docker.EngineException;
import dev.withstack.core.docker.EngineInterruptedException;
import dev.withstack.core.docker.PullException;
import dev.withstack.core.docker.PullProgress;
import dev.withstack.core.docker.RegistryFailure;
import dev.withstack.core.driver.DriverException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.RegistryAuthLocator;

/**
 * Pulls images, and remembers which could not be pulled because no registry answered. Thread-safe.
 *
 * <p>Logins come from Docker's own configuration and credential helpers, found by Testcontainers, which is loaded only
 * where there is such a configuration.
 */
final class Registry {
    /** A registry that has not answered by then counts as unreachable. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(8);

    /** The engine downloads three layers at a time, so a pull may be silent for as long as another one lasts. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final DockerEngine engine;
    private final Path dockerConfig;
    private final Map<String, String> unreachable = new ConcurrentHashMap<>();

    Registry(DockerEngine engine, Map<String, String> environment, Path home) {
        this.engine = engine;
        String directory = environment.get("DOCKER_CONFIG");
        this.dockerConfig = (directory == null ? home.resolve(".docker") : Path.of(directory)).resolve("config.json");
    }

    /** Return why no registry could be asked for the image, if that was tried and failed. */
    Optional<String> unreachableReason(String reference) {
        return Optional.ofNullable(unreachable.get(reference));
    }

    /**
     * Pull the image, or remember that no registry answers.
     *
     * @throws DriverException if a registry answers that it has no such image or lets nobody in
     */
    void pull(String reference, Consumer<String> progress) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> pull(reference, progress, answered, done), "withstack-pull " + reference);
        thread.setDaemon(true);
        thread.start();
        try {
            if (!answered.await(FIRST_ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.interrupt();
                unreachable.put(reference, "no answer within " + FIRST_ANSWER.toSeconds() + " s");
                return;
            }
            done.get();
            unreachable.remove(reference);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (ExecutionException e) {
            handle(reference, e.getCause());
        }
    }

    private void pull(
            String reference, Consumer<String> progress, CountDownLatch answered, CompletableFuture<Void> done) {
        try {
            engine.images().pull(reference, login(reference), LONGEST_SILENCE, line -> {
                answered.countDown();
                progress.accept(text(line));
            });
            done.complete(null);
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        } finally {
            answered.countDown();
        }
    }

    private void handle(String reference, @org.jspecify.annotations.Nullable Throwable failure) {
        if (failure instanceof PullException refused) {
            if (refused.failure() == RegistryFailure.UNREACHABLE) {
                unreachable.put(reference, refused.detail());
                return;
            }
            throw new DriverException(
                    DriverException.Kind.IMAGE,
                    "Image '" + reference + "' can't be pulled: " + refused.detail(),
                    adviceFor(refused.failure(), ImageName.registry(reference)),
                    refused);
        }
        if (failure instanceof EngineInterruptedException || !(failure instanceof EngineException engineFailure)) {
            throw new IllegalStateException("Pulling '" + reference + "' ended unexpectedly.", failure);
        }
        throw engineFailure;
    }

    private static String adviceFor(RegistryFailure failure, String registry) {
        String login = "log in with: docker login" + (registry.isEmpty() ? "" : " " + registry);
        return switch (failure) {
            case NOT_FOUND -> "check the name and tag, or " + login;
            case UNAUTHORIZED -> login;
            case RATE_LIMITED -> login + ", or try again later";
            case UNREACHABLE, OTHER -> "try: docker pull";
        };
    }

    private Optional<String> login(String reference) {
        if (!Files.exists(dockerConfig)) {
            return Optional.empty();
        }
        AuthConfig login =
                RegistryAuthLocator.instance().lookupAuthConfig(DockerImageName.parse(reference), new AuthConfig());
        if (login.getUsername() == null && login.getIdentitytoken() == null && login.getRegistrytoken() == null) {
            return Optional.empty();
        }
        StringBuilder json = new StringBuilder("{");
        append(json, "username", login.getUsername());
        append(json, "password", login.getPassword());
        append(json, "identitytoken", login.getIdentitytoken());
        append(json, "registrytoken", login.getRegistrytoken());
        append(json, "serveraddress", login.getRegistryAddress());
        return Optional.of(Base64.getUrlEncoder()
                .encodeToString(json.append('}').toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static void append(StringBuilder json, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            json.append(json.length() > 1 ? "," : "")
                    .append('"')
                    .append(name)
                    .append("\":\"")
                    .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
    }

    private static String text(PullProgress line) {
        String amount = line.total() > 0 ? " %.1f of %.1f MB".formatted(line.current() / 1e6, line.total() / 1e6) : "";
        return (line.layer().isEmpty() ? "" : line.layer() + " ") + line.status() + amount;
    }
}
