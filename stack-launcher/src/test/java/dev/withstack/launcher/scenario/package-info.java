/** Runs the real jar as a process, the way a user does, for tests that are scenarios. */
@NullMarked
package dev.withstack.launcher.scenario;

import org.jspecify.annotations.NullMarked;
