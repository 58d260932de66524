/** Says what a kind of service must offer to be started, stopped and watched. */
@NullMarked
package dev.withstack.core.driver;

import org.jspecify.annotations.NullMarked;
