/** Runs what the README shows. */
@NullMarked
package dev.withstack.launcher.readme;

import org.jspecify.annotations.NullMarked;
