/** Defines BI-Agent: a data layer, five applications on it, and the servers that watch them. */
@NullMarked
package dev.withstack.profiles.biagent;

import org.jspecify.annotations.NullMarked;
