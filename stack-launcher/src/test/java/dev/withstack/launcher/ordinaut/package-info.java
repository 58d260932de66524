/** Ordinaut on a real engine, row by row of what is promised of it. */
@NullMarked
package dev.withstack.launcher.ordinaut;

import org.jspecify.annotations.NullMarked;
