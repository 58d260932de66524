"""What the environment says, read once; a value that is none is told by name."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    log_level: str
    reload: bool
    misfire_grace: float
    scheduler_batch: int
    lease: float
    poll: float
    retries: int
    longest_backoff: float


def read_settings(environment: dict[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises ValueError with the variable's name if one is missing or is no number.
    """
    given = os.environ if environment is None else environment

    def text(name: str) -> str:
        value = given.get(name, "")
        if not value:
            raise ValueError(f"{name} is not set")
        return value

    def number(name: str, usual: float) -> float:
        value = given.get(name, "")
        try:
            parsed = float(value) if value else usual
        except ValueError:
            raise ValueError(f"{name} is '{value}', which is no number") from None
        if parsed < 0:
            raise ValueError(f"{name} is '{value}', which is below 0")
        return parsed

    return Settings(
        database_url=text("DATABASE_URL"),
        redis_url=text("REDIS_URL"),
        log_level=given.get("LOG_LEVEL", "info").upper(),
        reload=given.get("RELOAD", "false").lower() == "true",
        misfire_grace=number("SCHEDULER_MISFIRE_GRACE_TIME", 30),
        scheduler_batch=int(number("SCHEDULER_MAX_WORKERS", 10)),
        lease=number("WORKER_LEASE_SECONDS", 60),
        poll=number("WORKER_POLL_INTERVAL", 0.5),
        retries=int(number("WORKER_MAX_RETRIES", 3)),
        longest_backoff=number("WORKER_BACKOFF_MAX_DELAY", 60),
    )
