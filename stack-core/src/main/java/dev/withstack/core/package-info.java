/** Runs stacks of services: start here with {@code Stacks}, and define them in {@code core.model}. */
@NullMarked
package dev.withstack.core;

import org.jspecify.annotations.NullMarked;
