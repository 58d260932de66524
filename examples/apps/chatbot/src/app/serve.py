"""uvicorn in as many processes as WORKERS says, forked from one that has loaded everything.

`uvicorn --workers` starts each as a new interpreter that imports all libraries again; forking after the import makes
four start as fast as one and share its memory.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

import uvicorn

from src.app.main import app
from src.app.settings import read_settings

SHORTEST_LIFE = 2.0


def main() -> int:
    """Bind the port, serve in the workers, wait for their end; return the exit code."""
    settings = read_settings()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", int(os.environ.get("PORT", "8000"))))
    listener.listen(512)
    config = uvicorn.Config(app, log_level=settings.log_level.lower(), access_log=settings.debug, timeout_graceful_shutdown=5)
    if settings.workers == 1:
        return _serve(config, listener)
    born: dict[int, float] = {}
    stopping = False

    def stop(number, frame) -> None:
        nonlocal stopping
        stopping = True
        for pid in list(born):
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for _ in range(settings.workers):
        born[_fork(config, listener)] = time.monotonic()
    code = 0
    while born:
        pid, status = os.wait()
        lived = time.monotonic() - born.pop(pid)
        if stopping:
            continue
        code = os.waitstatus_to_exitcode(status) or 1
        if lived < SHORTEST_LIFE:
            stop(signal.SIGTERM, None)
        else:
            born[_fork(config, listener)] = time.monotonic()
    return 0 if stopping and code == 0 else code


def _fork(config: uvicorn.Config, listener: socket.socket) -> int:
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os._exit(_serve(config, listener))
    return pid


def _serve(config: uvicorn.Config, listener: socket.socket) -> int:
    server = uvicorn.Server(config)
    server.run([listener])
    return 0 if server.started else 3


if __name__ == "__main__":
    sys.exit(main())
