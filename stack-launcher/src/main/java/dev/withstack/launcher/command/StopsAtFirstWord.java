package dev.withstack.launcher.command;

/** A command whose options stand before its first word: what follows belongs to another program. */
public interface StopsAtFirstWord {}
