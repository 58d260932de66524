"""Text and metadata of the documents, in PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg

from pipeline.servers import ServerDown, reason_of

# Any number, but the same in every worker: only one at a time lays out the table.
LAYOUT_LOCK = 0x46524F5354
LAYOUT = """
CREATE TABLE IF NOT EXISTS documents (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    object_key text NOT NULL,
    title text,
    text text,
    words integer,
    stage text NOT NULL,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS documents_created_at ON documents (created_at DESC);
"""
SHOWN = "id, name, media_type, size, sha256, object_key, title, words, stage, reason, created_at, updated_at"
SERVICE = "postgres"


class Records:
    """The table of documents; it is made when it is found missing.

    Connections are opened when needed and replaced when lost. Every failure to reach the server is a ServerDown.
    """

    def __init__(self, dsn: str, address: str):
        self._dsn = dsn
        self._address = address
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Prepare the pool, without touching the server yet."""
        self._pool = await asyncpg.create_pool(
            self._dsn, min_size=0, max_size=8, timeout=3, command_timeout=10, max_inactive_connection_lifetime=120
        )

    async def close(self) -> None:
        """Close the connections; those still busy after two seconds are dropped."""
        if self._pool is None:
            return
        try:
            await asyncio.wait_for(self._pool.close(), 2)
        except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._pool.terminate()

    async def ensure_table(self) -> None:
        """Make the table unless it is there; workers that start together take turns."""
        async with self._connection(3) as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LAYOUT_LOCK)
            await connection.execute(LAYOUT)

    async def add(self, id: UUID, name: str, media_type: str, size: int, sha256: str, object_key: str) -> dict:
        """Add a document that has just been received."""
        rows = await self._rows(
            "INSERT INTO documents (id, name, media_type, size, sha256, object_key, stage)"
            f" VALUES ($1, $2, $3, $4, $5, $6, 'RECEIVED') RETURNING {SHOWN}",
            id, name, media_type, size, sha256, object_key,
        )
        return rows[0]

    async def extracted(self, id: UUID, title: str, text: str, words: int) -> None:
        """Keep what was read in the file."""
        await self._rows(
            "UPDATE documents SET title = $2, text = $3, words = $4, stage = 'EXTRACTED', updated_at = now() WHERE id = $1",
            id, title, text, words,
        )

    async def reached(self, id: UUID, stage: str, reason: str | None = None) -> dict | None:
        """Note how far a document has come, and why no further."""
        rows = await self._rows(
            f"UPDATE documents SET stage = $2, reason = $3, updated_at = now() WHERE id = $1 RETURNING {SHOWN}",
            id, stage, reason,
        )
        return rows[0] if rows else None

    async def latest(self, limit: int, offset: int) -> list[dict]:
        """Return documents, the newest first."""
        return await self._rows(
            f"SELECT {SHOWN} FROM documents ORDER BY created_at DESC, id LIMIT $1 OFFSET $2", limit, offset
        )

    async def count(self) -> int:
        """Return how many documents there are."""
        return (await self._rows("SELECT count(*) AS documents FROM documents"))[0]["documents"]

    async def one(self, id: UUID) -> dict | None:
        """Return a document with its text, None when there is none of this id."""
        rows = await self._rows(f"SELECT {SHOWN}, text FROM documents WHERE id = $1", id)
        return rows[0] if rows else None

    async def several(self, ids: list[UUID]) -> dict[str, dict]:
        """Return the finished documents of these ids, with their texts, by id."""
        rows = await self._rows(f"SELECT {SHOWN}, text FROM documents WHERE id = ANY($1) AND stage = 'DONE'", ids)
        return {str(row["id"]): row for row in rows}

    async def check(self, seconds: float) -> None:
        """Raise ServerDown unless the database answers a query."""
        async with self._connection(seconds) as connection:
            await connection.fetchval("SELECT 1", timeout=seconds)

    async def _rows(self, statement: str, *values) -> list[dict]:
        try:
            return await self._fetch(statement, *values)
        except asyncpg.UndefinedTableError:
            await self.ensure_table()
            return await self._fetch(statement, *values)

    async def _fetch(self, statement: str, *values) -> list[dict]:
        async with self._connection(3) as connection:
            return [dict(row) for row in await connection.fetch(statement, *values)]

    @contextlib.asynccontextmanager
    async def _connection(self, seconds: float) -> AsyncIterator[asyncpg.Connection]:
        try:
            async with self._pool.acquire(timeout=seconds) as connection:
                yield connection
        except (
            OSError,
            TimeoutError,
            asyncpg.InterfaceError,
            asyncpg.PostgresConnectionError,
            asyncpg.InvalidAuthorizationSpecificationError,
            asyncpg.InvalidCatalogNameError,
            asyncpg.OperatorInterventionError,
            asyncpg.InsufficientResourcesError,
        ) as error:
            raise ServerDown(SERVICE, reason_of(error, self._address)) from error
