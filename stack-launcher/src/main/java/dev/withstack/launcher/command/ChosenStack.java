package dev.withstack.launcher.command;

import dev.withstack.core.profile.StackProfile;

/**
 * The stack that is meant.
 *
 * @param reason why this one, where nobody named it; empty where somebody did
 */
record ChosenStack(StackProfile profile, String reason) {}
