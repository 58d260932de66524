package dev.withstack.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the service of the {@link WithStack} that a parameter or field is given, as the test reaches it. Its type says
 * in which form:
 *
 * <ul>
 *   <li>the address, as a {@link dev.withstack.core.model.HostAndPort}, a {@link java.net.InetSocketAddress}, a
 *       {@link String} {@code host:port}, or a {@link java.net.URI} {@code scheme://host:port};
 *   <li>what a client needs, as a {@link dev.withstack.core.data.PostgresConnection}, {@link
 *       dev.withstack.core.data.RedisConnection}, {@link dev.withstack.core.data.S3Connection} or {@link
 *       dev.withstack.core.data.QdrantConnection};
 *   <li>the handle, a {@link dev.withstack.core.engine.RunningService}.
 * </ul>
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface ServiceEndpoint {

    /** The service's name. */
    String value();

    /** The endpoint's name; empty for the service's first. */
    String endpoint() default "";

    /** The scheme of a URI; empty for {@code postgresql} or {@code redis} where the service is one, else {@code http}. */
    String scheme() default "";
}
