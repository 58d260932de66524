/** Finds the value of a setting and remembers where it came from. */
@NullMarked
package dev.withstack.core.settings;

import org.jspecify.annotations.NullMarked;
