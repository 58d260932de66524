/** What the launcher writes to: streams with or without colour, the terminal behind them, and tables. */
@NullMarked
package dev.withstack.launcher.console;

import org.jspecify.annotations.NullMarked;
