/** The stack Integrador: PostgreSQL with pgvector and Redis in containers, two services of Python on the host. */
@NullMarked
package dev.withstack.profiles.integrador;

import org.jspecify.annotations.NullMarked;
