/** Stacks that ship: how a profile is written, found, and turned into a definition with the user's overrides. */
@NullMarked
package dev.withstack.core.profile;

import org.jspecify.annotations.NullMarked;
