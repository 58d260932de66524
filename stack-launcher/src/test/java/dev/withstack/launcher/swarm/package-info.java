/** Stacks that a real swarm runs, from what our export writes. */
@NullMarked
package dev.withstack.launcher.swarm;

import org.jspecify.annotations.NullMarked;
