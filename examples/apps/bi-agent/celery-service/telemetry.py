"""Traces and metrics for a collector, by OTLP over HTTP with JSON bodies.

The part of OpenTelemetry that these services need, in one file and without a package. ml-service and celery-service
hold the same copy; a test compares them.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import random
import re
import secrets
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER = range(1, 6)
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# A collector that is away costs the oldest spans, never memory without end.
KEPT_SPANS = 2000
SPANS_EVERY = 1.0
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
log = logging.getLogger(__name__)
_current: ContextVar[Span | None] = ContextVar("span", default=None)


@dataclass
class Span:
    """One piece of work within a trace; what is set in `attributes` before its end is sent with it."""

    name: str
    kind: int
    trace: str
    id: str
    parent: str
    sampled: bool
    begun: int
    attributes: dict = field(default_factory=dict)
    ended: int = 0
    error: str = ""

    def traceparent(self) -> str:
        """Return the header that makes the next service's spans children of this one."""
        return f"00-{self.trace}-{self.id}-{'01' if self.sampled else '00'}"


def current() -> Span | None:
    """Return the span that this code runs in."""
    return _current.get()


def headers() -> dict[str, str]:
    """Return what to send along with a request or a message, so that the trace goes on there."""
    span = _current.get()
    return {"traceparent": span.traceparent()} if span else {}


class Telemetry:
    """Gathers spans and figures, and sends them from a thread of its own; safe for threads and forks."""

    def __init__(self, service: str, endpoint: str, metrics_every: float = 10.0, ratio: float = 1.0, resource: str = ""):
        self._service = service
        self._endpoint = endpoint.rstrip("/")
        self._metrics_every = metrics_every
        self._ratio = ratio
        self._resource = resource
        self._is_away = False
        self._process = 0
        if endpoint:
            self._reset()
            os.register_at_fork(after_in_child=self._reset)
            atexit.register(self.flush)

    @classmethod
    def from_environment(cls, service: str, environment: Mapping[str, str] = os.environ) -> Telemetry:
        """Read OpenTelemetry's own variables; without an endpoint, or disabled, nothing is sent."""
        disabled = environment.get("OTEL_SDK_DISABLED", "").lower() == "true"
        return cls(
            environment.get("OTEL_SERVICE_NAME") or service,
            "" if disabled else environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
            float(environment.get("OTEL_METRIC_EXPORT_INTERVAL") or 10_000) / 1000,
            float(environment.get("OTEL_TRACES_SAMPLER_ARG") or 1),
            environment.get("OTEL_RESOURCE_ATTRIBUTES", ""),
        )

    @contextlib.contextmanager
    def span(self, name: str, kind: int = INTERNAL, parent: str | None = None, **attributes) -> Iterator[Span]:
        """Do some work within a span: a child of the traceparent given, else of the current span, else a new trace."""
        span = self._begin(name, kind, parent, attributes)
        token = _current.set(span)
        try:
            yield span
        except BaseException as error:
            span.error = f"{type(error).__name__}: {error}"
            raise
        finally:
            _current.reset(token)
            self._end(span)

    def _begin(self, name: str, kind: int, parent: str | None, attributes: dict) -> Span:
        above = TRACEPARENT.fullmatch(parent or "")
        around = _current.get()
        if above:
            trace, parent_id, sampled = above[1], above[2], int(above[3], 16) & 1 == 1
        elif around:
            trace, parent_id, sampled = around.trace, around.id, around.sampled
        else:
            trace, parent_id, sampled = secrets.token_hex(16), "", random.random() < self._ratio
        return Span(name, kind, trace, secrets.token_hex(8), parent_id, sampled, time.time_ns(), dict(attributes))

    def _end(self, span: Span) -> None:
        span.ended = time.time_ns()
        if self._endpoint and span.sampled:
            with self._lock:
                self._spans.append(span)
                del self._spans[:-KEPT_SPANS]
            self._awake()

    def count(self, name: str, by: float = 1, **attributes) -> None:
        """Add to a counter."""
        if self._endpoint:
            with self._lock:
                key = (name, tuple(sorted(attributes.items())))
                self._sums[key] = self._sums.get(key, 0) + by
            self._awake()

    def record(self, name: str, seconds: float, **attributes) -> None:
        """Add a duration to a histogram."""
        if self._endpoint:
            with self._lock:
                key = (name, tuple(sorted(attributes.items())))
                buckets, total = self._durations.get(key, ([0] * (len(BOUNDS) + 1), 0.0))
                buckets[sum(seconds > bound for bound in BOUNDS)] += 1
                self._durations[key] = (buckets, total + seconds)
            self._awake()

    def flush(self) -> None:
        """Send what has been gathered, now."""
        if self._endpoint and self._process == os.getpid():
            self._send_spans()
            self._send_metrics()

    def _reset(self) -> None:
        """Begin anew: a forked process sends its own, not what its parent has gathered."""
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._spans: list[Span] = []
        self._sums: dict[tuple, float] = {}
        self._durations: dict[tuple, tuple[list[int], float]] = {}
        self._since = time.time_ns()
        self._sender: threading.Thread | None = None

    def _awake(self) -> None:
        if self._sender is None:
            with self._lock:
                if self._sender is None:
                    self._sender = threading.Thread(target=self._run, name="telemetry", daemon=True)
                    self._sender.start()

    def _run(self) -> None:
        metrics_due = time.monotonic()
        while True:
            time.sleep(min(SPANS_EVERY, self._metrics_every))
            self._send_spans()
            if time.monotonic() >= metrics_due:
                metrics_due = time.monotonic() + self._metrics_every
                self._send_metrics()

    def _send_spans(self) -> None:
        with self._lock:
            spans, self._spans = self._spans, []
        if spans:
            scope = {"scope": {"name": "telemetry"}, "spans": [_span(span) for span in spans]}
            self._post("traces", {"resourceSpans": [{"resource": self._about(), "scopeSpans": [scope]}]})

    def _send_metrics(self) -> None:
        with self._lock:
            sums = dict(self._sums)
            durations = {key: (list(buckets), total) for key, (buckets, total) in self._durations.items()}
        metrics = [_sum(key, value, self._since) for key, value in sums.items()]
        metrics += [_histogram(key, buckets, total, self._since) for key, (buckets, total) in durations.items()]
        if metrics:
            scope = {"scope": {"name": "telemetry"}, "metrics": metrics}
            self._post("metrics", {"resourceMetrics": [{"resource": self._about(), "scopeMetrics": [scope]}]})

    def _about(self) -> dict:
        given = dict(pair.strip().split("=", 1) for pair in self._resource.split(",") if "=" in pair)
        instance = f"{socket.gethostname()}-{self._process}"
        return {"attributes": _attributes({**given, "service.name": self._service, "service.instance.id": instance})}

    def _post(self, signal: str, body: dict) -> None:
        request = urllib.request.Request(
            f"{self._endpoint}/v1/{signal}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            urllib.request.urlopen(request, timeout=5).close()
            self._is_away = False
        except (OSError, ValueError) as error:
            if not self._is_away:
                log.warning("the collector at %s does not take %s: %s", self._endpoint, signal, error)
            self._is_away = True


def _attributes(values: Mapping) -> list[dict]:
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value) -> dict:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": str(value)}


def _span(span: Span) -> dict:
    told = {
        "traceId": span.trace,
        "spanId": span.id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(span.begun),
        "endTimeUnixNano": str(span.ended),
        "attributes": _attributes(span.attributes),
    }
    if span.parent:
        told["parentSpanId"] = span.parent
    if span.error:
        told["status"] = {"code": 2, "message": span.error}
    return told


def _point(key: tuple, since: int) -> dict:
    times = {"startTimeUnixNano": str(since), "timeUnixNano": str(time.time_ns())}
    return {"attributes": _attributes(dict(key[1])), **times}


def _sum(key: tuple, value: float, since: int) -> dict:
    point = {**_point(key, since), "asDouble": value}
    return {"name": key[0], "sum": {"isMonotonic": True, "aggregationTemporality": 2, "dataPoints": [point]}}


def _histogram(key: tuple, buckets: list[int], total: float, since: int) -> dict:
    counts = {"count": str(sum(buckets)), "sum": total, "bucketCounts": [str(count) for count in buckets]}
    point = {**_point(key, since), **counts, "explicitBounds": list(BOUNDS)}
    return {"name": key[0], "unit": "s", "histogram": {"aggregationTemporality": 2, "dataPoints": [point]}}
