package dev.withstack.core.compose;

import dev.withstack.core.catalog.Minio;
import dev.withstack.core.catalog.Postgres;
import dev.withstack.core.catalog.Qdrant;
import dev.withstack.core.catalog.Redis;
import dev.withstack.core.model.Data;
import dev.withstack.core.model.Probe;
import dev.withstack.core.model.Service;
import dev.withstack.core.model.Source;
import dev.withstack.core.model.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows servers of the catalogue by their images: such a service has the catalogue's probe, shell, reset and backup. One
 * that is set up in a way that is not understood here is a service like any other.
 */
final class KnownServers {
    private static final Set<String> POSTGRES = Set.of("postgres", "pgvector/pgvector", "postgis/postgis");

    private KnownServers() {}

    /**
     * Return the service as the catalogue has it, with its image; its command is to be given anew. Empty where it is not known.
     *
     * @param environment the variables of the container
     * @param command what its entry point is given
     */
    static Optional<Service> find(String name, String image, Map<String, String> environment, List<String> command) {
        String repository = repository(image);
        Optional<Service> known = Optional.empty();
        if (POSTGRES.contains(repository)) {
            known = postgres(name, environment, command);
        } else if (repository.equals("redis")) {
            known = redis(name, command);
        } else if (repository.equals("minio/minio")) {
            known = minio(name, environment, command);
        } else if (repository.equals("qdrant/qdrant")) {
            known = qdrant(name, environment);
        }
        return known.map(service -> service.source(new Source.Image(image)));
    }

    /** Return the image's name without registry, tag and digest where it is one of the public registry. */
    private static String repository(String image) {
        String name = image.replaceFirst("@.*", "").replaceFirst(":[^/:]*$", "");
        return name.replaceFirst("^(docker\\.io/)?(library/)?", "");
    }

    private static Optional<Service> postgres(String name, Map<String, String> environment, List<String> command) {
        String password = environment.getOrDefault("POSTGRES_PASSWORD", "");
        boolean isByFile = environment.keySet().stream().anyMatch(key -> key.matches("POSTGRES_.*_FILE"));
        boolean isMoved = environment.containsKey("PGPORT")
                || command.stream().anyMatch(word -> word.equals("-p") || word.contains("port="));
        if (password.isEmpty() || isByFile || isMoved) {
            return Optional.empty();
        }
        String user = environment.getOrDefault("POSTGRES_USER", "postgres");
        return Optional.of(Postgres.service(name)
                .user(user)
                .password(Value.secret(password))
                .database(environment.getOrDefault("POSTGRES_DB", user))
                .service());
    }

    private static Optional<Service> redis(String name, List<String> command) {
        List<String> words = List.of(String.join(" ", command).split(" "));
        boolean isMoved = words.stream().anyMatch(word -> word.equals("--port") || word.endsWith(".conf"));
        int password = words.indexOf("--requirepass") + 1;
        if (isMoved || (password > 0 && password >= words.size())) {
            return Optional.empty();
        }
        Service redis = Redis.service(name).service();
        if (password == 0) {
            return Optional.of(redis);
        }
        Value secret = Value.secret(words.get(password));
        // its data is not got at without the password, which the catalogue's server has not
        return Optional.of(Service.image(name, "redis")
                .port("redis", redis.endpoint("").port())
                .family("redis")
                .probe(new Probe.RedisPing("", Optional.of(secret))));
    }

    private static Optional<Service> minio(String name, Map<String, String> environment, List<String> command) {
        String user = environment.getOrDefault("MINIO_ROOT_USER", "");
        String password = environment.getOrDefault("MINIO_ROOT_PASSWORD", "");
        boolean isUsual = command.contains("server") && !command.contains("--address");
        if (!isUsual || user.isEmpty() || password.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Minio.service(name)
                .credentials(user, Value.secret(password))
                .holds(new Data.Objects(Value.text(user), Value.secret(password)))
                .service());
    }

    private static Optional<Service> qdrant(String name, Map<String, String> environment) {
        boolean isUsual = environment.keySet().stream().noneMatch(key -> key.startsWith("QDRANT__SERVICE__"));
        return isUsual ? Optional.of(Qdrant.service(name).service()) : Optional.empty();
    }
}
