/** Turns a command line into one call on the core and one exit code. */
@NullMarked
package dev.withstack.launcher;

import org.jspecify.annotations.NullMarked;
