/** Reads Compose files into definitions: what they say is kept, and what can't be kept is named with file, line and column. */
@NullMarked
package dev.withstack.core.compose;

import org.jspecify.annotations.NullMarked;
