/** What Integrador promises, proven on a real engine with the real jar, real processes and the system's own witness. */
@NullMarked
package dev.withstack.launcher.integrador;

import org.jspecify.annotations.NullMarked;
