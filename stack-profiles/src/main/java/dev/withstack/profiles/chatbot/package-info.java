/** Defines the Chatbot: a base of seven servers that dev, stage and prod share, and the application once for each. */
@NullMarked
package dev.withstack.profiles.chatbot;

import org.jspecify.annotations.NullMarked;
