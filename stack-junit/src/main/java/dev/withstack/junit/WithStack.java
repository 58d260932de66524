package dev.withstack.junit;

import dev.withstack.core.profile.StackProfile;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a stack for the tests of a class: in the environment {@code test}, on any free ports of the loopback address,
 * beside whatever else runs. It is started before the first test, shared by all tests of the class and of those nested in
 * it, and removed with its data after the last. If the JVM is killed, the next test stack on the machine removes it.
 *
 * <pre>{@code
 * @WithStack(value = Frostbyte.class, services = {"postgres", "redis"})
 * class OrdersIT {
 *     @Test
 *     void ordersAreKept(RunningStack stack, @ServiceEndpoint("redis") HostAndPort redis) { ... }
 * }
 * }</pre>
 *
 * <p>Test methods, constructors and lifecycle methods are given what they ask for: the {@link
 * dev.withstack.core.engine.RunningStack}, and addresses by {@link ServiceEndpoint}.
 *
 * <p>Where no Docker engine answers, the class is skipped and says why; with {@code CI=true} in the environment it fails
 * instead. The configuration parameter {@code withstack.engine.required}, true or false, decides it either way, and
 * {@code withstack.docker.host} names the engine as {@code DOCKER_HOST} does.
 *
 * <p>There is one scope, the class: a stack for each method or for the whole run, and one that is reset between tests,
 * do not exist yet.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithStackExtension.class)
public @interface WithStack {

    /** The stack: a class with a public constructor without parameters. */
    Class<? extends StackProfile> value();

    /** The services to run, with all that they need; none named means the whole stack. */
    String[] services() default {};

    /**
     * What the stack is defined with, as {@code NAME=VALUE}. Neither the process environment nor {@code .env} files are
     * read, so that a test means the same everywhere.
     */
    String[] settings() default {};

    /** The directory with the source of services that are built, relative to the working directory. */
    String project() default "";
}
