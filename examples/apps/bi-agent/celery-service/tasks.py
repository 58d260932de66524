"""The six background tasks, in three groups, each group on a queue of its own.

    celery -A tasks worker -Q analytics,ml,data
    celery -A tasks beat
"""

from __future__ import annotations

import json
import logging
import os
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

from celery import Celery, Task
from celery.signals import before_task_publish

import logs
import objects
import telemetry
import warehouse

ML_SERVICE = os.environ.get("ML_SERVICE_URL", "http://ml-service:8000").rstrip("/")
logs.set_up(os.environ.get("OTEL_SERVICE_NAME", "celery-worker"))
log = logging.getLogger("tasks")
traces = telemetry.Telemetry.from_environment("celery-worker")


class TracedTask(Task):
    """Runs in a span that continues the trace of whoever sent it, and tells in its result where it ran."""

    def __call__(self, *arguments, **named):
        queue = (self.request.delivery_info or {}).get("routing_key", "")
        about = {"task": self.name, "queue": queue}
        begun, state = time.perf_counter(), "failure"
        try:
            with traces.span(f"run {self.name}", telemetry.CONSUMER, getattr(self.request, "traceparent", None), **about):
                result = super().__call__(*arguments, **named)
            state = "success"
        finally:
            traces.count("celery.tasks", state=state, **about)
            traces.record("celery.task.duration", time.perf_counter() - begun, **about)
        log.info("%s on queue %s: %s", self.name, queue, result)
        return {"queue": queue, "worker": self.request.hostname, **result}


app = Celery("bi-agent", task_cls=TracedTask)
app.config_from_object("config")


@before_task_publish.connect
def hand_on_trace(sender=None, headers=None, **_):
    """Let the task's span be a child of the sender's; for the scheduler that is where the trace begins."""
    with traces.span(f"send {sender}", telemetry.PRODUCER):
        headers.update(telemetry.headers())


@app.task
def refresh_analytics_views() -> dict:
    """Compute the views anew."""
    return {"days": warehouse.refresh_views()}


@app.task
def calculate_kpis() -> dict:
    """Compute the key figures anew."""
    return {"kpis": warehouse.calculate_kpis()}


@app.task
def train_model(model: str = "revenue", dataset: str = "sales.csv", target: str = "revenue") -> dict:
    """Have the ML service train a model."""
    return {"trained": [_ml("POST", "/train", {"model": model, "dataset": dataset, "target": target})]}


@app.task
def update_ml_models() -> dict:
    """Have the ML service train every model it has anew, on the data set that it was trained on."""
    known = _ml("GET", "/models")["models"]
    asked = [{"model": one["name"], "dataset": one["dataset"], "target": one["target"]} for one in known]
    return {"trained": [_ml("POST", "/train", one) for one in asked]}


@app.task
def import_data(dataset: str = "sales.csv") -> dict:
    """Take a data set of the object store into the database."""
    return {"dataset": dataset, "rows": warehouse.import_sales(objects.get(objects.DATASETS, dataset))}


@app.task
def process_data() -> dict:
    """Sum the sales up by day, as a data set that models can be trained on; note in the bucket of logs that it was done."""
    content = warehouse.daily_csv()
    objects.put(objects.DATASETS, "daily.csv", content)
    rows, moment = content.count(b"\n") - 1, datetime.now(timezone.utc)
    done = {"task": "process_data", "rows": rows, "at": moment.isoformat()}
    objects.put(objects.LOGS, f"process-data/{moment:%Y%m%dT%H%M%S%f}.json", json.dumps(done).encode())
    return {"dataset": "daily.csv", "rows": rows}


def _ml(method: str, path: str, body: dict | None = None) -> dict:
    with traces.span(f"{method} {path}", telemetry.CLIENT, server="ml-service"):
        headers = {"Content-Type": "application/json", **telemetry.headers()}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(ML_SERVICE + path, content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read(500).decode(errors="replace")
            raise RuntimeError(f"the ML service answered {error.code} to {method} {path}: {said}") from None
