"""Production: uvicorn in several processes, forked from one that has loaded everything.

`uvicorn --workers` starts each worker as a new interpreter that imports all libraries again; forking after
the import makes two workers start as fast as one and share its memory. WEB_CONCURRENCY is their number, PORT
where they listen.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import time

import uvicorn

from pipeline.main import app

log = logging.getLogger("pipeline")
GRACE = 5
SHORTEST_LIFE = 2.0


class Workers:
    """The processes that serve one socket; a worker that dies is replaced, one that never gets going ends all."""

    def __init__(self, listener: socket.socket, config: uvicorn.Config, count: int):
        self._listener = listener
        self._config = config
        self._count = count
        self._born: dict[int, float] = {}
        self._stopping = False

    def run(self) -> int:
        """Serve until asked to stop; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        signal.signal(signal.SIGALRM, lambda *_: self._send(signal.SIGKILL))
        for _ in range(self._count):
            self._fork()
        code = 0
        while self._born:
            pid, status = os.wait()
            code = self._ended(pid, os.waitstatus_to_exitcode(status)) or code
        return code

    def _ended(self, pid: int, code: int) -> int:
        lived = time.monotonic() - self._born.pop(pid, 0.0)
        if self._stopping:
            return 0
        log.error("worker %d ended with %d after %.1f s", pid, code, lived)
        if lived < SHORTEST_LIFE:
            self._stop()
            return 1
        self._fork()
        return 0

    def _fork(self) -> None:
        pid = os.fork()
        if pid == 0:
            _work(self._listener, self._config)
        self._born[pid] = time.monotonic()
        if self._stopping:
            self._send(signal.SIGTERM)

    def _stop(self) -> None:
        self._stopping = True
        self._send(signal.SIGTERM)
        signal.alarm(GRACE)

    def _send(self, number: signal.Signals) -> None:
        for pid in list(self._born):
            os.kill(pid, number)


def _work(listener: socket.socket, config: uvicorn.Config) -> None:
    """Serve in a worker and end its process; never return."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        server = uvicorn.Server(config)
        server.run([listener])
        code = 0 if server.started else 3
    finally:
        logging.shutdown()
        os._exit(code)


def main() -> int:
    """Bind the port, start the workers, wait for their end."""
    port = int(os.environ.get("PORT", "8000"))
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("0.0.0.0", port))
    except OSError as error:
        log.error("port %d can't be bound: %s", port, error.strerror)
        return 1
    config = uvicorn.Config(app, loop="asyncio", ws="none", access_log=False, timeout_graceful_shutdown=3)
    config.load()
    return Workers(listener, config, max(1, int(os.environ.get("WEB_CONCURRENCY", "2")))).run()


if __name__ == "__main__":
    sys.exit(main())
