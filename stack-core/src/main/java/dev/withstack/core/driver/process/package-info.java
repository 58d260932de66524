/** Runs services as processes of this host, which end with the launcher that started them. */
@NullMarked
package dev.withstack.core.driver.process;

import org.jspecify.annotations.NullMarked;
