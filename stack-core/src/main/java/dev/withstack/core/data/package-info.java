/** Makes and removes what a stack keeps in servers that it shares with others, by each server's own means. */
@NullMarked
package dev.withstack.core.data;

import org.jspecify.annotations.NullMarked;
