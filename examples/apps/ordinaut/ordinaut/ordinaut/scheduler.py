"""The scheduler: `python -m ordinaut.scheduler`. Puts tasks that come due on the queue, each due time once."""

from __future__ import annotations

import logging
import socket
from datetime import datetime, timedelta, timezone
from typing import Any

import psycopg

from ordinaut.life import Life
from ordinaut.logs import log_as_json
from ordinaut.settings import Settings, read_settings

log = logging.getLogger("ordinaut.scheduler")
TICK = 0.5

DUE = """
SELECT id, next_at, every FROM task WHERE next_at <= clock_timestamp()
ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
"""


def following(due: datetime, every: timedelta | None, now: datetime) -> datetime | None:
    """Return the first due time after now, in step with the one given; None if there is no other."""
    if every is None:
        return None
    passed = max(0, (now - due) // every)
    return due + every * (passed + 1)


def is_missed(due: datetime, every: timedelta | None, now: datetime, grace: float) -> bool:
    """Return whether it is too late for a due time: another one comes, and this one has waited beyond the grace."""
    return every is not None and now - due > timedelta(seconds=grace)


class Scheduler:
    """Looks for due tasks at each tick."""

    def __init__(self, settings: Settings, life: Life):
        self._settings = settings
        self._life = life

    def run(self) -> None:
        """Schedule until asked to end."""
        while self._life.goes_on:
            try:
                with psycopg.connect(self._settings.database_url, autocommit=True) as connection:
                    log.info("scheduling")
                    while self._life.goes_on:
                        queued = self.tick(connection, datetime.now(timezone.utc))
                        self._life.beat()
                        self._life.pause(0 if queued else TICK)
            except psycopg.OperationalError as error:
                log.warning("the database can't be reached: %s", str(error).strip())
                self._life.pause(1)

    def tick(self, connection: psycopg.Connection[Any], now: datetime) -> int:
        """Queue what is due and work out when it is due next, in one transaction; return how many tasks that were."""
        with connection.transaction():
            tasks = connection.execute(DUE, (self._settings.scheduler_batch,)).fetchall()
            for task, due, every in tasks:
                self._queue(connection, task, due, every, now)
                connection.execute(
                    "UPDATE task SET next_at = %s WHERE id = %s", (following(due, every, now), task)
                )
        return len(tasks)

    def _queue(
        self, connection: psycopg.Connection[Any], task: object, due: datetime, every: timedelta | None, now: datetime
    ) -> None:
        fields = {"task": str(task), "due": due.isoformat()}
        if is_missed(due, every, now, self._settings.misfire_grace):
            connection.execute(
                "INSERT INTO run (task_id, outcome, worker, detail) VALUES (%s, 'missed', %s, %s)",
                (task, socket.gethostname(), f"due at {due.isoformat()}"),
            )
            log.warning("missed", extra={"fields": fields})
            return
        connection.execute(
            "INSERT INTO due_work (task_id, due_at, run_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (task, due, due)
        )
        log.info("due", extra={"fields": fields})


def main() -> None:
    log_as_json()
    settings = read_settings()
    Scheduler(settings, Life(settings.reload).ends_on_signals()).run()
    log.info("ended")


if __name__ == "__main__":
    main()
