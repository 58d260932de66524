"""Where this service's log goes: to the console, and to a file where there is a directory for it that can be written."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def set_up(service: str) -> None:
    """Log at LOG_LEVEL, and to `<service>.log` in LOG_DIRECTORY; a directory that can't be written is no failure."""
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    directory = os.environ.get("LOG_DIRECTORY", "/app/logs")
    if os.access(directory, os.W_OK):
        file = os.path.join(directory, f"{service}.log")
        try:
            handlers.append(RotatingFileHandler(file, maxBytes=5_000_000, backupCount=2, delay=False))
        except OSError:
            pass  # it belongs to somebody else: the console has all of it
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "info").upper(), format=FORMAT, handlers=handlers)
