/** Compose files as stacks, on a real engine. */
@NullMarked
package dev.withstack.launcher.compose;

import org.jspecify.annotations.NullMarked;
