"""What the worker does: `celery -A src.app.tasks worker`. Flower imports this too, so only Celery is imported above."""

from __future__ import annotations

import os
from functools import cache

from celery import Celery

REDIS = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

celery = Celery("chatbot", broker=os.environ.get("CELERY_BROKER_URL", REDIS), backend=os.environ.get("CELERY_RESULT_BACKEND", REDIS))
celery.conf.update(
    task_track_started=True,
    task_send_sent_event=True,
    worker_send_task_events=True,
    broker_connection_retry_on_startup=True,
    result_expires=3600,
)


@cache
def _settings():
    from src.app.settings import read_settings

    return read_settings()


@cache
def _files():
    from src.app.files import Files

    return Files(_settings())


@celery.task
def archive(id: int, author: str, text: str, reply: str) -> str:
    """Write a message down as a file; return its name."""
    name = f"messages/{id:08d}.txt"
    _files().put(_settings().archive, name, f"{author}: {text}\nchatbot: {reply}\n".encode())
    return name


@celery.task
def summarise(text: str) -> dict:
    """Count what is in a text, in the environment of this worker."""
    from src.app.embedding import words

    found = words(text)
    return {"environment": _settings().environment, "words": len(found), "different": len(set(found))}
