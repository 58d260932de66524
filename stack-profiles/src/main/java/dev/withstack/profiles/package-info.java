/** Finds the stacks that ship by their names. */
@NullMarked
package dev.withstack.profiles;

import org.jspecify.annotations.NullMarked;
