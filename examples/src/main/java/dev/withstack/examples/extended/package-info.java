/** A stack that ships, with a service more. */
@NullMarked
package dev.withstack.examples.extended;

import org.jspecify.annotations.NullMarked;
