"""The HTTP interface: `uvicorn ordinaut.api:app`."""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import asyncpg
import redis.asyncio
from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from ordinaut.settings import read_settings

log = logging.getLogger("ordinaut.api")
ME = socket.gethostname()
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Served-By": ME,
}


class NewTask(BaseModel):
    """What is to be done, and when: at once unless `at` or `every` say otherwise."""

    title: str = Field(min_length=1, max_length=200)
    kind: Literal["ledger", "event"] = "ledger"
    payload: dict[str, Any] = {}
    at: datetime | None = None
    every: float | None = Field(default=None, gt=0)


@contextlib.asynccontextmanager
async def lifespan(running: FastAPI) -> AsyncIterator[None]:
    settings = read_settings()
    logging.getLogger("ordinaut").setLevel(getattr(logging, settings.log_level, logging.INFO))
    running.state.redis = redis.asyncio.Redis.from_url(settings.redis_url)
    running.state.database = await asyncpg.create_pool(
        settings.database_url, min_size=1, max_size=8, command_timeout=10, init=_read_json
    )
    log.info("ready")
    yield
    await running.state.database.close()
    await running.state.redis.aclose()


async def _read_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


app = FastAPI(title="Ordinaut", lifespan=lifespan)


@app.middleware("http")
async def tell(request: Request, handle: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers that every answer has, and log the request."""
    began = time.perf_counter()
    answer = await handle(request)
    answer.headers.update(HEADERS)
    took = round((time.perf_counter() - began) * 1000, 1)
    level = logging.DEBUG if request.url.path == "/health" else logging.INFO
    log.log(
        level,
        "%s %s",
        request.method,
        request.url.path,
        extra={"fields": {"status": answer.status_code, "milliseconds": took}},
    )
    return answer


@app.get("/health")
async def health() -> JSONResponse:
    """Tell whether database and Redis answer, each by name."""
    checks = {"database": await _ask(_database_answers), "redis": await _ask(app.state.redis.ping)}
    well = all(answer == "ok" for answer in checks.values())
    return JSONResponse({"status": "healthy" if well else "unhealthy", "checks": checks}, 200 if well else 503)


async def _database_answers() -> None:
    await app.state.database.fetchval("SELECT count(*) FROM task WHERE false")


async def _ask(question: Callable[[], Awaitable[object]]) -> str:
    try:
        await question()
        return "ok"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@app.post("/tasks", status_code=201)
async def add(task: NewTask) -> dict[str, Any]:
    every = timedelta(seconds=task.every) if task.every else None
    async with app.state.database.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(
            "INSERT INTO task (title, kind, payload, every, next_at)"
            " VALUES ($1, $2, $3, $4, coalesce($5, CASE WHEN $4::interval IS NULL THEN NULL ELSE now() END)) RETURNING *",
            task.title,
            task.kind,
            task.payload,
            every,
            task.at,
        )
        if row["next_at"] is None:
            # due at once: no tick has to come first
            await connection.execute(
                "INSERT INTO due_work (task_id, due_at, run_at) VALUES ($1, now(), now())", row["id"]
            )
    return _shown(row)


@app.get("/tasks")
async def tasks(limit: int = Query(100, ge=1, le=1000)) -> list[dict[str, Any]]:
    rows = await app.state.database.fetch("SELECT * FROM task ORDER BY created_at DESC LIMIT $1", limit)
    return [_shown(row) for row in rows]


@app.get("/tasks/{task_id}")
async def task(task_id: UUID) -> dict[str, Any]:
    row = await app.state.database.fetchrow("SELECT * FROM task WHERE id = $1", task_id)
    if row is None:
        raise HTTPException(404, f"There is no task {task_id}.")
    runs = await app.state.database.fetch(
        "SELECT outcome, worker, detail, ended_at FROM run WHERE task_id = $1 ORDER BY id", task_id
    )
    return _shown(row) | {"runs": [dict(run) for run in runs]}


@app.delete("/tasks/{task_id}", status_code=204)
async def remove(task_id: UUID) -> Response:
    await app.state.database.execute("DELETE FROM task WHERE id = $1", task_id)
    return Response(status_code=204)


@app.get("/stats")
async def stats() -> dict[str, Any]:
    row = await app.state.database.fetchrow(
        "SELECT (SELECT count(*) FROM due_work) AS due,"
        " (SELECT count(*) FROM due_work WHERE leased_until > now()) AS in_hand,"
        " (SELECT count(*) FROM ledger) AS entries,"
        " (SELECT count(DISTINCT work_id) FROM ledger) AS entered_work"
    )
    outcomes = await app.state.database.fetch("SELECT outcome, count(*) AS runs FROM run GROUP BY outcome")
    workers = await app.state.database.fetch("SELECT DISTINCT worker FROM run WHERE outcome = 'done' ORDER BY worker")
    return dict(row) | {
        "outcomes": {one["outcome"]: one["runs"] for one in outcomes},
        "workers": [one["worker"] for one in workers],
    }


def _shown(row: asyncpg.Record) -> dict[str, Any]:
    shown = dict(row)
    shown["every"] = row["every"].total_seconds() if row["every"] else None
    return shown
