package dev.withstack.core.driver.container;

import com.github.dockerjava.api.DockerClient;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/** All that we use of Testcontainers without its leave, in one place, so that a new version of it is checked at once. */
final class Innards {

    private Innards() {}

    /** Return the image that the container asks for, as its registry knows it; empty where it has yet to be built. */
    static Optional<String> imageOf(GenericContainer<?> container) {
        Future<?> name = (Future<?>) read(RemoteDockerImage.class, "imageNameFuture", container.getImage());
        try {
            return name != null && name.isDone() && name.get() instanceof DockerImageName known
                    ? Optional.of(ImageNameSubstitutor.instance().apply(known).asCanonicalNameString())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (java.util.concurrent.ExecutionException e) {
            return Optional.empty();
        }
    }

    /** Return how the container finds out that it is ready; null if it takes no interest. */
    static @Nullable WaitStrategy waitStrategyOf(GenericContainer<?> container) {
        return (WaitStrategy) call("getWaitStrategy", container);
    }

    /** Tell whether the container can be started without Testcontainers' watchdog. */
    static boolean canDoWithoutWatchdog(GenericContainer<?> container) {
        return Boolean.TRUE.equals(call("canBeReused", container));
    }

    /** Let the container make its calls to the engine by another client. */
    static void client(GenericContainer<?> container, UnaryOperator<DockerClient> change) {
        try {
            Field field = GenericContainer.class.getDeclaredField("dockerClient");
            field.setAccessible(true);
            field.set(container, change.apply((DockerClient) field.get(container)));
        } catch (ReflectiveOperationException e) {
            throw changed("dockerClient", e);
        }
    }

    /** Return what the container was configured with, such as its {@code getUsername}; empty if it knows no such. */
    static Optional<String> setting(GenericContainer<?> container, String getter) {
        try {
            return Optional.ofNullable(
                    (String) container.getClass().getMethod(getter).invoke(container));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * Tell Testcontainers where published ports are reached, unless it knows: to find out, it runs an image of its own
     * wherever the process itself is in a container, with its watchdog beside it.
     */
    static void hostAddress(DockerClientFactory factory, String address) {
        Object strategy = read(DockerClientFactory.class, "strategy", factory);
        try {
            Field field = DockerClientProviderStrategy.class.getDeclaredField("dockerHostIpAddress");
            field.setAccessible(true);
            if (field.get(strategy) == null) {
                field.set(strategy, address);
            }
        } catch (ReflectiveOperationException e) {
            throw changed("dockerHostIpAddress", e);
        }
    }

    private static @Nullable Object read(Class<?> type, String name, Object owner) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw changed(name, e);
        }
    }

    private static @Nullable Object call(String name, GenericContainer<?> container) {
        for (Class<?> type = container.getClass(); type != Object.class; type = type.getSuperclass()) {
            try {
                Method method = type.getDeclaredMethod(name);
                method.setAccessible(true);
                return method.invoke(container);
            } catch (NoSuchMethodException e) {
                // it stands in the type above
            } catch (ReflectiveOperationException e) {
                throw changed(name, e);
            }
        }
        throw changed(name, new NoSuchMethodException(name));
    }

    private static IllegalStateException changed(String name, ReflectiveOperationException cause) {
        return new IllegalStateException(
                "This version of Testcontainers has no '" + name + "' any more, which 2.0 has: use that.", cause);
    }
}
