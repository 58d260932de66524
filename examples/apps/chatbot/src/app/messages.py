"""Messages in PostgreSQL."""

from __future__ import annotations

import time

import asyncpg

from src.app.metrics import DB_CONNECTIONS, DB_QUERIES, DB_SECONDS

TABLE = """
CREATE TABLE IF NOT EXISTS messages (
    id bigserial PRIMARY KEY,
    author text NOT NULL,
    text text NOT NULL,
    reply text NOT NULL,
    said_at timestamptz NOT NULL DEFAULT now()
)
"""


class Messages:
    """The table of messages, over a pool of connections. Open it before use, close it in the end."""

    def __init__(self, database_url: str):
        # SQLAlchemy's way of naming the driver is not the driver's own
        self._dsn = database_url.replace("+asyncpg", "", 1)
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(self._dsn, min_size=1, max_size=5)
        async with self._pool.acquire() as connection, connection.transaction():
            # several processes begin at once
            await connection.execute("SELECT pg_advisory_xact_lock(4711)")
            await connection.execute(TABLE)

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()

    async def add(self, author: str, text: str, reply: str) -> int:
        return await self._ask("INSERT INTO messages (author, text, reply) VALUES ($1, $2, $3) RETURNING id", author, text, reply)

    async def count(self) -> int:
        return await self._ask("SELECT count(*) FROM messages")

    async def check(self) -> None:
        await self._ask("SELECT 1")

    async def _ask(self, statement: str, *values):
        begun = time.perf_counter()
        async with self._pool.acquire() as connection:
            DB_CONNECTIONS.inc()
            try:
                return await connection.fetchval(statement, *values)
            finally:
                DB_CONNECTIONS.dec()
                operation = statement.split(" ", 1)[0]
                DB_QUERIES.labels(operation).inc()
                DB_SECONDS.labels(operation).observe(time.perf_counter() - begun)
