/** Makes, removes, saves and restores what a stack keeps in its servers, by each server's own means. */
@NullMarked
package dev.withstack.core.data;

import org.jspecify.annotations.NullMarked;
