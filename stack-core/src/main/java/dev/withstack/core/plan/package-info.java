/** Decides, without acting, what has to be done to get from what is there to what should be, and why. */
@NullMarked
package dev.withstack.core.plan;

import org.jspecify.annotations.NullMarked;
