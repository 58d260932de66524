package dev.withstack.coverage;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the obligation of {@code docs/obligations.md} that a test proves on a real engine. On a class it holds for every
 * test in it. A name that is not listed there fails the build.
 */
@Documented
@Repeatable(Row.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Row {

    /** The obligation's id, for example {@code frostbyte.redis}. */
    String value();

    /** Holds the rows of a test that proves several. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.METHOD, ElementType.TYPE})
    @interface All {

        /** The rows, in the order in which they were written. */
        Row[] value();
    }
}
