"""The queue of due work: taken with SKIP LOCKED and a lease, finished in the transaction that has its effect."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg


class LeaseLost(Exception):
    """The lease ran out and another worker has the work: nothing that was begun may be kept."""


@dataclass(frozen=True)
class Work:
    id: int
    task_id: uuid.UUID
    kind: str
    payload: dict[str, Any]
    failures: int
    lease: uuid.UUID


TAKE = """
UPDATE due_work SET lease = %(lease)s, leased_until = clock_timestamp() + make_interval(secs => %(seconds)s)
FROM task
WHERE task.id = due_work.task_id AND due_work.id = (
    SELECT id FROM due_work
    WHERE run_at <= clock_timestamp() AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING due_work.id, due_work.task_id, task.kind, task.payload, due_work.failures
"""

RENEW = """
UPDATE due_work SET leased_until = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE id = %(id)s AND lease = %(lease)s
"""


def take(connection: psycopg.Connection[Any], seconds: float) -> Work | None:
    """Take the oldest work that is due and in nobody's hand; return None if there is none."""
    lease = uuid.uuid4()
    with connection.transaction():
        row = connection.execute(TAKE, {"lease": lease, "seconds": seconds}).fetchone()
    return Work(*row, lease) if row else None


def renew(connection: psycopg.Connection[Any], work: Work, seconds: float) -> None:
    """Keep the work in hand for longer."""
    with connection.transaction():
        connection.execute(RENEW, {"id": work.id, "lease": work.lease, "seconds": seconds})


def finish(connection: psycopg.Connection[Any], work: Work, worker: str) -> None:
    """Take the work off the queue, within the caller's transaction.

    Raises LeaseLost if somebody else has it.
    """
    _own(connection, "DELETE FROM due_work WHERE id = %s AND lease = %s", (work.id, work.lease))
    _note(connection, work, "done", worker, "")


def fail(connection: psycopg.Connection[Any], work: Work, worker: str, why: str, retries: int, longest: float) -> None:
    """Put the work back for a later try, each one twice as far off, or give it up after the last."""
    with connection.transaction():
        if work.failures >= retries:
            _own(connection, "DELETE FROM due_work WHERE id = %s AND lease = %s", (work.id, work.lease))
            _note(connection, work, "given up", worker, why)
            return
        _own(
            connection,
            "UPDATE due_work SET lease = NULL, leased_until = NULL, failures = failures + 1,"
            " run_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s AND lease = %s",
            (backoff(work.failures, longest), work.id, work.lease),
        )
        _note(connection, work, "failed", worker, why)


def backoff(failures: int, longest: float) -> float:
    """Return how many seconds to wait after so many earlier failures: 1, 2, 4 and so on."""
    return min(float(2**failures), longest)


def enter(connection: psycopg.Connection[Any], work: Work, amount: object) -> None:
    """Have the effect of work of the kind 'ledger', within the caller's transaction."""
    connection.execute(
        "INSERT INTO ledger (task_id, work_id, amount) VALUES (%s, %s, %s)", (work.task_id, work.id, amount)
    )


def _own(connection: psycopg.Connection[Any], statement: str, parameters: tuple[object, ...]) -> None:
    if connection.execute(statement, parameters).rowcount != 1:  # type: ignore[arg-type]
        raise LeaseLost


def _note(connection: psycopg.Connection[Any], work: Work, outcome: str, worker: str, detail: str) -> None:
    connection.execute(
        "INSERT INTO run (task_id, work_id, outcome, worker, detail) VALUES (%s, %s, %s, %s, %s)",
        (work.task_id, work.id, outcome, worker, detail),
    )
