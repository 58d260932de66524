/** Describes stacks as inert, immutable data that knows nothing of how it will be run. */
@NullMarked
package dev.withstack.core.model;

import org.jspecify.annotations.NullMarked;
