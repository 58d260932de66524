/** Defines Frostbyte, an ETL pipeline with its four servers, its API and its dashboard. */
@NullMarked
package dev.withstack.profiles.frostbyte;

import org.jspecify.annotations.NullMarked;
