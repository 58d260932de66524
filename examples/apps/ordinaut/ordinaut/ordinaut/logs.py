"""Logs as one JSON object a line."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
from datetime import datetime, timezone


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON, with what its `extra` holds under `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "host": socket.gethostname(),
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_as_json(level: str = os.environ.get("LOG_LEVEL", "info")) -> None:
    """Let everything in this process log as JSON to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=getattr(logging, level.upper(), logging.INFO), handlers=[handler], force=True)
