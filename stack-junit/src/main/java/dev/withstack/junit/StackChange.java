package dev.withstack.junit;

import dev.withstack.core.model.StackDefinition;
import java.util.function.UnaryOperator;

/**
 * Changes a stack for the tests of a {@link WithStack}: replaces services, adds some, puts others in another way. Has a
 * constructor without parameters.
 *
 * <pre>{@code
 * class WithFakePayments implements StackChange {
 *     @Override
 *     public StackDefinition apply(StackDefinition stack) {
 *         return stack.extend().replace(Service.image("payments", "wiremock/wiremock").port("http", 8080)).build();
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface StackChange extends UnaryOperator<StackDefinition> {}
