/** Makes the events of the engine into a live table, plain lines, JSON or silence. */
@NullMarked
package dev.withstack.launcher.render;

import org.jspecify.annotations.NullMarked;
