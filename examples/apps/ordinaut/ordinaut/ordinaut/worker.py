"""A worker: `python -m ordinaut.worker`. As many as you like work on one queue.

Work of the kind 'ledger' has its effect in the database, in the transaction that takes it off the queue: exactly once,
whoever dies when. Work of the kind 'event' goes to a stream in Redis first: at least once.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from contextlib import contextmanager
from typing import Any, Iterator

import psycopg
import redis

from ordinaut import queue
from ordinaut.life import Life
from ordinaut.logs import log_as_json
from ordinaut.queue import LeaseLost, Work
from ordinaut.settings import Settings, read_settings

log = logging.getLogger("ordinaut.worker")
STREAM = "events"


class Worker:
    """Takes work and does it, one piece after the other."""

    def __init__(self, settings: Settings, life: Life):
        self._settings = settings
        self._life = life
        self._name = socket.gethostname()
        self._redis = redis.Redis.from_url(settings.redis_url)

    def run(self) -> None:
        """Work until asked to end; what is in hand then is finished."""
        while self._life.goes_on:
            try:
                with psycopg.connect(self._settings.database_url, autocommit=True) as connection:
                    log.info("at work")
                    self._work_on(connection)
            except psycopg.OperationalError as error:
                log.warning("the queue can't be reached: %s", str(error).strip())
                self._life.pause(1)

    def _work_on(self, connection: psycopg.Connection[Any]) -> None:
        while self._life.goes_on:
            work = queue.take(connection, self._settings.lease)
            self._life.beat()
            if work is None:
                self._life.pause(self._settings.poll)
            else:
                self._do(connection, work)

    def _do(self, connection: psycopg.Connection[Any], work: Work) -> None:
        fields = {"work": work.id, "task": str(work.task_id), "kind": work.kind}
        try:
            with self._keeping(work):
                self._perform(connection, work)
            log.info("done", extra={"fields": fields})
        except LeaseLost:
            log.warning("the lease ran out, another worker has it", extra={"fields": fields})
        except psycopg.OperationalError:
            raise
        except Exception as error:
            log.warning("failed: %s", error, extra={"fields": fields})
            try:
                queue.fail(
                    connection, work, self._name, str(error), self._settings.retries, self._settings.longest_backoff
                )
            except LeaseLost:
                log.warning("the lease ran out, another worker has it", extra={"fields": fields})

    def _perform(self, connection: psycopg.Connection[Any], work: Work) -> None:
        if work.kind == "event":
            self._redis.xadd(STREAM, {"work": work.id, "task": str(work.task_id), "payload": json.dumps(work.payload)})
        with connection.transaction():
            if work.kind == "ledger":
                queue.enter(connection, work, work.payload.get("amount", 1))
            time.sleep(float(work.payload.get("seconds", 0)))
            if work.payload.get("fails"):
                raise RuntimeError(str(work.payload["fails"]))
            queue.finish(connection, work, self._name)

    @contextmanager
    def _keeping(self, work: Work) -> Iterator[None]:
        """Renew the lease while the work takes its time."""
        over = threading.Event()

        def renew() -> None:
            while not over.wait(self._settings.lease / 3):
                try:
                    with psycopg.connect(self._settings.database_url, autocommit=True) as connection:
                        queue.renew(connection, work, self._settings.lease)
                    self._life.beat()
                except psycopg.OperationalError as error:
                    log.warning("the lease was not renewed: %s", str(error).strip())

        keeper = threading.Thread(target=renew, daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()


def main() -> None:
    log_as_json()
    settings = read_settings()
    Worker(settings, Life(settings.reload).ends_on_signals()).run()
    log.info("ended")


if __name__ == "__main__":
    main()
