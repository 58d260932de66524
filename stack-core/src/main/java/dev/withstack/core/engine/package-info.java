/** Carries a plan out, holds what runs and takes back what a failed start began. */
@NullMarked
package dev.withstack.core.engine;

import org.jspecify.annotations.NullMarked;
