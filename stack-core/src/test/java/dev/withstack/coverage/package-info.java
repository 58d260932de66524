/** Shows which obligation is held by which test, and which by none. */
@NullMarked
package dev.withstack.coverage;

import org.jspecify.annotations.NullMarked;
