package dev.withstack.junit;

import dev.withstack.core.engine.ServiceReset;
import dev.withstack.core.profile.StackProfile;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Runs a stack for the tests of a class: in the environment {@code test}, on any free ports of the loopback address,
 * beside whatever else runs. It is started before the first test, shared as {@link #scope} says, and removed with its
 * data after the last. If the JVM ends without that, a watchdog beside it removes it.
 *
 * <pre>{@code
 * @WithStack(value = Frostbyte.class, services = {"postgres", "redis"})
 * class OrdersIT {
 *     @Test
 *     void ordersAreKept(PostgresConnection orders, @ServiceEndpoint("redis") URI cache) { ... }
 * }
 * }</pre>
 *
 * <p>Test methods, constructors, lifecycle methods and fields are given what they ask for: the {@link
 * dev.withstack.core.engine.RunningStack}, its {@link dev.withstack.core.engine.StackData}, a service by {@link ServiceEndpoint}, and what a client needs by its type
 * alone, where the stack has one service of that kind. Final fields are left alone.
 *
 * <p>Where no Docker engine answers, the class is skipped and says why; with {@code CI=true} in the environment it fails
 * instead. The configuration parameter {@code withstack.engine.required}, true or false, decides it either way, and
 * {@code withstack.docker.host} names the engine as {@code DOCKER_HOST} does.
 *
 * <p>When a test fails, the failure carries what the services were doing, and the log that each of them wrote during the
 * test, the timeline of the start and the state go to {@code target/withstack/<class>/<test>/}. The configuration parameter
 * {@code withstack.logs}, {@code failed}, {@code always} or {@code never}, and {@code withstack.logs.directory} change that.
 *
 * <p>What a test does to services by {@link dev.withstack.core.engine.RunningService}, such as killing one, is undone when
 * it is over.
 *
 * <p>It may stand on an annotation of your own, so that many classes are annotated alike.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithStackExtension.class)
@ResourceLock(providers = DataLocks.class)
public @interface WithStack {

    /** The stack: a class with a constructor without parameters. */
    Class<? extends StackProfile> value() default StackProfile.class;

    /** The stack by its name, instead of its class: a profile that {@link java.util.ServiceLoader} finds. */
    String name() default "";

    /**
     * The stack from a Compose file, instead of a class: its path, relative to the working directory, and those of files that
     * override it. Variables that it refers to are given by {@link #settings}, as {@code COMPOSE_PROFILES} is.
     */
    String[] file() default {};

    /** The services to run, with all that they need; none named means the whole stack. */
    String[] services() default {};

    /** The services to leave out, with nothing left that needs them. */
    String[] without() default {};

    /**
     * What the stack is defined with, as {@code NAME=VALUE}; {@code POSTGRES_IMAGE=postgres:17} replaces an image. Neither
     * the process environment nor {@code .env} files are read, so that a test means the same everywhere.
     */
    String[] settings() default {};

    /** What is changed of the stack besides, in this order. */
    Class<? extends StackChange>[] changes() default {};

    /**
     * The directory with the source of services that are built, relative to the working directory; that of the Compose file
     * for a stack from one.
     */
    String project() default "";

    /** Who shares the stack. */
    Scope scope() default Scope.CLASS;

    /**
     * How long the stack stays after its last test, such as {@code 10m} or {@code 2h}, for the next JVM that asks for the
     * same; empty means not at all. It is adopted as it was after its start: its data is put back when it is left, so what
     * {@link #resets} and {@link #untouched} are for concerns it too. Where two JVMs want it at once, each has its own.
     */
    String keep() default "";

    /**
     * When the data of its services is put back to what it was after the start: rows, sequences, schemas, roles and settings
     * of PostgreSQL; keys, users and settings of Redis; buckets and objects; collections and points. Give a parameter the
     * {@link dev.withstack.core.engine.StackData} to take a later moment for what it is put back to, as after migrations.
     */
    Reset reset() default Reset.NEVER;

    /** What of the servers each class has to itself, where several share the stack ({@link Scope#RUN}), also in parallel. */
    Isolation isolation() default Isolation.NONE;

    /** How services are reset whose kind of data is not known, or not as you want it; constructors without parameters. */
    Class<? extends ServiceReset>[] resets() default {};

    /** The services whose data a reset leaves as it is. */
    String[] untouched() default {};
}
