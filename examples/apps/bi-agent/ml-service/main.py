"""The ML service: trains models on data sets of the object store, keeps them there, lists them and predicts with them."""

from __future__ import annotations

import json
import logging
import os
import time
import urllib.request
from dataclasses import dataclass, field

import psycopg
import redis
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel

import logs
import telemetry
from model import BadData, Model, train
from store import SAMPLE, NotThere, Store

# The lock lets one at a time make what is missing: IF NOT EXISTS alone fails when two do.
TABLE = """
SELECT pg_advisory_xact_lock(hashtext('analytics.trainings'));
CREATE SCHEMA IF NOT EXISTS analytics;
CREATE TABLE IF NOT EXISTS analytics.trainings (
  model text NOT NULL, version text NOT NULL, dataset text NOT NULL, rows int NOT NULL, r_squared float8 NOT NULL,
  trained_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (model, version));
"""
log = logging.getLogger("ml-service")


@dataclass(frozen=True)
class Settings:
    """What the process was told."""

    database_url: str = field(repr=False)
    redis_url: str
    minio_endpoint: str
    minio_access_key: str
    minio_secret_key: str = field(repr=False)
    models: str
    datasets: str
    cache_seconds: int


def read_settings(given=os.environ) -> Settings:
    """Read the settings; each has the default of a development stack."""
    return Settings(
        database_url=given.get("DATABASE_URL", "postgresql://postgres:postgres@postgres:5432/analytics_db"),
        redis_url=given.get("REDIS_URL", "redis://redis:6379/0"),
        minio_endpoint=given.get("MINIO_ENDPOINT", "http://minio:9000").rstrip("/"),
        minio_access_key=given.get("MINIO_ACCESS_KEY", "minioadmin"),
        minio_secret_key=given.get("MINIO_SECRET_KEY", "minioadmin"),
        models=given.get("MINIO_BUCKET_MODELS", "models"),
        datasets=given.get("MINIO_BUCKET_DATASETS", "datasets"),
        cache_seconds=int(given.get("PREDICTION_CACHE_SECONDS", "60")),
    )


class Training(BaseModel):
    """What to train: by default a model of the revenue on the sample data set."""

    model: str = "revenue"
    dataset: str = SAMPLE
    target: str = "revenue"


class Question(BaseModel):
    """What to predict: the value of every feature of the model."""

    features: dict
    model: str = "revenue"


class Traced:
    """Puts every request but those for health into a span and into the figures."""

    def __init__(self, app, sender: telemetry.Telemetry):
        self._app = app
        self._telemetry = sender

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http" or scope["path"] == "/health":
            return await self._app(scope, receive, send)
        parent = dict(scope["headers"]).get(b"traceparent", b"").decode()
        answered = {"status": 500}

        async def note(message) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            await send(message)

        begun = time.perf_counter()
        name = f"{scope['method']} {scope['path']}"
        with self._telemetry.span(name, telemetry.SERVER, parent) as span:
            try:
                await self._app(scope, receive, note)
            finally:
                about = {"method": scope["method"], "route": scope["path"], "status": str(answered["status"])}
                span.attributes.update(about)
                self._telemetry.record("http.server.request.duration", time.perf_counter() - begun, **about)


class Service:
    """What the endpoints do."""

    def __init__(self, settings: Settings, sender: telemetry.Telemetry):
        self.settings = settings
        self.telemetry = sender
        self.store = Store(settings, sender)
        self.redis = redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=2)

    def health(self) -> dict[str, str]:
        """Return of each server "up", or why it is not."""
        return {name: _state(check) for name, check in self._checks().items()}

    def _checks(self) -> dict:
        live = f"{self.settings.minio_endpoint}/minio/health/live"
        return {
            "postgres": lambda: self._execute("SELECT 1"),
            "redis": self.redis.ping,
            "minio": lambda: urllib.request.urlopen(live, timeout=3).close(),
        }

    def train(self, asked: Training) -> Model:
        """Train a model, keep it, and write down that it was trained."""
        with self.telemetry.span("train", model=asked.model, dataset=asked.dataset):
            model = train(asked.model, asked.dataset, self.store.dataset(asked.dataset), asked.target)
        self.store.keep(model)
        self._write_down(model)
        self.telemetry.count("ml.trainings", model=model.name)
        log.info("trained '%s' %s on %d rows of '%s': R² %.4f", model.name, model.version, model.rows, model.dataset, model.r_squared)
        return model

    def _write_down(self, model: Model) -> None:
        row = (model.name, model.version, model.dataset, model.rows, model.r_squared)
        with self.telemetry.span("INSERT analytics.trainings", telemetry.CLIENT):
            self._execute(TABLE)
            self._execute(
                "INSERT INTO analytics.trainings (model, version, dataset, rows, r_squared) VALUES (%s, %s, %s, %s, %s)", row
            )

    def predict(self, asked: Question) -> dict:
        """Predict with the newest model of that name; the same question is answered from the cache for a while."""
        model = self.store.newest(asked.model)
        key = f"prediction:{model.name}:{model.version}:{json.dumps(asked.features, sort_keys=True)}"
        kept = self.redis.get(key)
        self.telemetry.count("ml.predictions", model=model.name, cache="hit" if kept else "miss")
        value = float(kept) if kept else model.predict(asked.features)
        if not kept and self.settings.cache_seconds:
            self.redis.setex(key, self.settings.cache_seconds, value)
        return {"model": model.name, "version": model.version, "target": model.target, "prediction": round(value, 4)}

    def _execute(self, statement: str, values: tuple = ()) -> None:
        with psycopg.connect(self.settings.database_url, connect_timeout=3) as connection:
            connection.execute(statement, values or None)


def _state(check) -> str:
    try:
        check()
        return "up"
    except Exception as error:
        return f"down: {type(error).__name__}"


def create_app(settings: Settings) -> FastAPI:
    """Make the application of these settings."""
    sender = telemetry.Telemetry.from_environment("ml-service")
    service = Service(settings, sender)
    app = FastAPI(title="BI-Agent ML service", version="1.0")
    app.add_middleware(Traced, sender=sender)

    @app.get("/health", summary="Say whether the three servers answer")
    def health():
        states = service.health()
        is_well = all(state == "up" for state in states.values())
        return JSONResponse({"status": "healthy" if is_well else "unhealthy", "services": states}, 200 if is_well else 503)

    @app.post("/train", status_code=201, summary="Train a model on a data set of the object store")
    def post_train(asked: Training):
        return JSONResponse(_told(service.train(asked)), 201)

    @app.post("/predict", summary="Predict with the newest model of a name")
    def post_predict(asked: Question):
        return JSONResponse(service.predict(asked))

    @app.get("/models", summary="List the models, each in its newest version")
    def get_models():
        return JSONResponse({"models": [_told(model) for model in service.store.newest_of_each()]})

    @app.exception_handler(BadData)
    def bad_data(_, error: BadData):
        return JSONResponse({"detail": str(error)}, 422)

    @app.exception_handler(NotThere)
    def not_there(_, error: NotThere):
        return JSONResponse({"detail": str(error)}, 404)

    return app


def _told(model: Model) -> dict:
    shown = ("name", "version", "dataset", "target", "features", "rows", "r_squared")
    return {name: value for name, value in model.as_json().items() if name in shown}


logs.set_up("ml-service")
app = create_app(read_settings())
