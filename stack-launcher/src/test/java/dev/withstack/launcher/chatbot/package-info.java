/** Brings the Chatbot up through the launcher, all environments on one base, and holds it to what is promised. */
@NullMarked
package dev.withstack.launcher.chatbot;

import org.jspecify.annotations.NullMarked;
