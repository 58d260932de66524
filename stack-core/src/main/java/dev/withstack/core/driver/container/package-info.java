/** Runs services as containers. */
@NullMarked
package dev.withstack.core.driver.container;

import org.jspecify.annotations.NullMarked;
