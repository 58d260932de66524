/** Explains what went wrong, why, and what to do next. */
@NullMarked
package dev.withstack.core.diagnosis;

import org.jspecify.annotations.NullMarked;
