package dev.withstack.junit;

import dev.withstack.core.data.PostgresConnection;
import dev.withstack.core.data.RedisConnection;
import dev.withstack.core.data.ServiceConnection;
import dev.withstack.core.engine.RunningService;
import dev.withstack.core.engine.RunningStack;
import dev.withstack.core.engine.StackData;
import dev.withstack.core.model.HostAndPort;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Gives parameters and fields what they ask for of a running stack. */
final class Injection {
    private static final String FORMS = "a HostAndPort, an InetSocketAddress, a String, a URI, a RunningService, or a"
            + " PostgresConnection, RedisConnection, S3Connection or QdrantConnection";

    private Injection() {}

    /** Tell whether something of that type, annotated so, is ours to give. */
    static boolean isAsked(AnnotatedElement element, Class<?> type) {
        return AnnotationSupport.isAnnotated(element, ServiceEndpoint.class)
                || type == RunningStack.class
                || type == StackData.class
                || ServiceConnection.class.isAssignableFrom(type);
    }

    /** Return what is asked for. */
    static Object value(AnnotatedElement element, Class<?> type, Lent loan) {
        if (type == StackData.class) {
            return loan.data();
        }
        RunningStack stack = loan.stack();
        Optional<ServiceEndpoint> endpoint = AnnotationSupport.findAnnotation(element, ServiceEndpoint.class);
        if (endpoint.isPresent()) {
            return of(stack.service(endpoint.get().value()), endpoint.get(), type, loan);
        }
        return type == RunningStack.class ? stack : onlyOne(stack, type, loan);
    }

    private static Object of(RunningService service, ServiceEndpoint asked, Class<?> type, Lent loan) {
        if (type == RunningService.class) {
            return service;
        } else if (ServiceConnection.class.isAssignableFrom(type)) {
            return loan.connection(service)
                    .filter(type::isInstance)
                    .map(Object.class::cast)
                    .orElseGet(() -> service.connection(type.asSubclass(ServiceConnection.class)));
        }
        Optional<ServiceConnection> part = loan.connection(service);
        if (!part.equals(service.connection())) {
            throw new ParameterResolutionException("@ServiceEndpoint(\"" + asked.value() + "\") as "
                    + type.getSimpleName() + " leads to all of '" + asked.value() + "', of which each class has a part"
                    + " (isolation = CLASS). Ask for "
                    + part.map(known -> "a " + known.getClass().getSimpleName()).orElse("its connection")
                    + ", which says which part that is.");
        }
        HostAndPort address = service.address(asked.endpoint());
        if (type == HostAndPort.class) {
            return address;
        } else if (type == String.class) {
            return address.toString();
        } else if (type == InetSocketAddress.class) {
            return new InetSocketAddress(address.host(), address.port());
        } else if (type == URI.class) {
            return URI.create((asked.scheme().isEmpty() ? usualScheme(service) : asked.scheme()) + "://" + address);
        }
        throw new ParameterResolutionException("@ServiceEndpoint(\"" + asked.value() + "\") can't be given as "
                + type.getName() + "; ask for " + FORMS + ".");
    }

    private static String usualScheme(RunningService service) {
        ServiceConnection connection = service.connection().orElse(null);
        if (connection instanceof PostgresConnection) {
            return "postgresql";
        }
        return connection instanceof RedisConnection ? "redis" : "http";
    }

    private static Object onlyOne(RunningStack stack, Class<?> type, Lent loan) {
        List<RunningService> fitting = stack.timeline().entries().keySet().stream()
                .map(stack::service)
                .filter(service -> ServiceConnection.kindFor(service.definition())
                        .filter(type::isAssignableFrom)
                        .isPresent())
                .toList();
        if (fitting.size() != 1) {
            throw new ParameterResolutionException("Which service is meant by " + type.getSimpleName()
                    + " is not clear, as "
                    + (fitting.isEmpty()
                            ? "none that runs is of that kind: of '"
                                    + stack.definition().name() + "' run "
                                    + String.join(
                                            ", ", stack.timeline().entries().keySet()) + "."
                            : "several are of that kind. Add @ServiceEndpoint with the name of one: "
                                    + fitting.stream().map(RunningService::name).collect(Collectors.joining(", "))
                                    + "."));
        }
        return loan.connection(fitting.get(0)).orElseThrow();
    }

    /** Give the static fields of the class, its parents' too, what they ask for. */
    static void intoClass(Class<?> testClass, Lent loan) {
        fields(testClass).stream()
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .forEach(field -> set(field, null, loan));
    }

    /** Give the fields of the instance what they ask for. */
    static void intoInstance(Object instance, Lent loan) {
        fields(instance.getClass()).stream()
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .forEach(field -> set(field, instance, loan));
    }

    /** Return the fields that ask for something. */
    static List<Field> fields(Class<?> testClass) {
        return ReflectionSupport.findFields(
                testClass,
                field -> isAsked(field, field.getType()) && !Modifier.isFinal(field.getModifiers()),
                HierarchyTraversalMode.TOP_DOWN);
    }

    private static void set(Field field, @org.jspecify.annotations.Nullable Object instance, Lent loan) {
        try {
            field.setAccessible(true);
            field.set(instance, value(field, field.getType(), loan));
        } catch (IllegalAccessException e) {
            throw new ExtensionConfigurationException("The field '" + field + "' can't be set.", e);
        }
    }
}
