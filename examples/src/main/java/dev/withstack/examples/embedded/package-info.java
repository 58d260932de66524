/** A program that runs a stack of its own. */
@NullMarked
package dev.withstack.examples.embedded;

import org.jspecify.annotations.NullMarked;
