/** Renders a definition for others: as a picture, and for other engines. */
@NullMarked
package dev.withstack.core.export;

import org.jspecify.annotations.NullMarked;
