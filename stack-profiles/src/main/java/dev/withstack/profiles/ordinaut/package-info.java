/** Ordinaut: an API, a scheduler and workers on a queue in PostgreSQL, with events in Redis. */
@NullMarked
package dev.withstack.profiles.ordinaut;

import org.jspecify.annotations.NullMarked;
