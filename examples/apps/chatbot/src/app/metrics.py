"""What Prometheus reads. With several processes their numbers are summed, through files in PROMETHEUS_MULTIPROC_DIR."""

from __future__ import annotations

import os
import tempfile

# must stand before the import: the library looks at it once
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="metrics-"))

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("http_requests_total", "Requests answered.", ["method", "path", "status"])
SECONDS = Histogram("http_request_duration_seconds", "How long an answer took.", ["method", "path"])
ACTIVE = Gauge("http_requests_active", "Requests being answered.", multiprocess_mode="livesum")
DB_CONNECTIONS = Gauge("db_connections_active", "Connections to the database in use.", multiprocess_mode="livesum")
DB_QUERIES = Counter("db_queries_total", "Statements sent to the database.", ["operation"])
DB_SECONDS = Histogram("db_query_duration_seconds", "How long a statement took.", ["operation"])
TASKS = Counter("celery_tasks_total", "Tasks handed to the workers.", ["task"])
MESSAGES = Counter("chat_messages_total", "Messages that were answered.")


def exposition() -> bytes:
    """Return all metrics of all processes in Prometheus' text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
