/** Speaks the part of the Docker Engine's HTTP API that must answer faster than a full client can start. */
@NullMarked
package dev.withstack.core.docker;

import org.jspecify.annotations.NullMarked;
