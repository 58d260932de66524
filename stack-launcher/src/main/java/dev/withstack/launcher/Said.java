package dev.withstack.launcher;

import dev.withstack.launcher.command.ExitCode;

/** What is said instead of running a command: a help text, or what is wrong with the command line. */
record Said(ExitCode exitCode, String out, String err) {}
