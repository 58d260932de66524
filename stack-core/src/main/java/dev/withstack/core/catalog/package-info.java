/** Offers ready-made services, each with its image, ports, health and addresses. */
@NullMarked
package dev.withstack.core.catalog;

import org.jspecify.annotations.NullMarked;
