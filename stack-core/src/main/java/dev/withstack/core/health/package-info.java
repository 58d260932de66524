/** Asks a service whether it is ready and keeps the reason when it is not. */
@NullMarked
package dev.withstack.core.health;

import org.jspecify.annotations.NullMarked;
