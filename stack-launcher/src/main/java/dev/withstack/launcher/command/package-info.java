/** One thin class for each command, and what they share: options, the session, exit codes. */
@NullMarked
package dev.withstack.launcher.command;

import org.jspecify.annotations.NullMarked;
