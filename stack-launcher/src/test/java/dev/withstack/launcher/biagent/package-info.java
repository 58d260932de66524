/** What BI-Agent promises, proven on a real engine with the real jar and over the services' own interfaces. */
@NullMarked
package dev.withstack.launcher.biagent;

import org.jspecify.annotations.NullMarked;
