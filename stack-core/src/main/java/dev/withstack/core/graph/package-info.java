/** Orders services by what they need, and shows a cycle by its path. */
@NullMarked
package dev.withstack.core.graph;

import org.jspecify.annotations.NullMarked;
