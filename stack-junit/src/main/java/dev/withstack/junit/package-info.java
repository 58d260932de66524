/** Lends a running stack to the tests of a JUnit class. */
@NullMarked
package dev.withstack.junit;

import org.jspecify.annotations.NullMarked;
