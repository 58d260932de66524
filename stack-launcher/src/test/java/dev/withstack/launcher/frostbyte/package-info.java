/** What Frostbyte promises, proven on a real engine with the real jar and the servers' own clients. */
@NullMarked
package dev.withstack.launcher.frostbyte;

import org.jspecify.annotations.NullMarked;
