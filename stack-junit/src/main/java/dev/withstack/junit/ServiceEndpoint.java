package dev.withstack.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a parameter the address of a service of the {@link WithStack} as the test reaches it: as a {@link
 * dev.withstack.core.model.HostAndPort}, as a {@link String} {@code host:port}, or as a {@link java.net.URI} {@code
 * scheme://host:port}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface ServiceEndpoint {

    /** The service's name. */
    String value();

    /** The endpoint's name; empty for the service's first. */
    String endpoint() default "";

    /** The scheme of a URI. */
    String scheme() default "http";
}
