"""The HTTP interface of the pipeline: `uvicorn pipeline.main:app`."""

from __future__ import annotations

import gc

# The libraries below build thousands of objects that live as long as the process: looking for garbage
# among them while they are made would cost a fifth of the start.
gc.disable()

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from pipeline.auth import Refused, authorize
from pipeline.embedding import embed, words
from pipeline.etl import Failed, Pipeline
from pipeline.health import Health, Probe
from pipeline.objects import Objects
from pipeline.progress import Progress
from pipeline.records import Records
from pipeline.servers import HttpServer, ServerDown
from pipeline.settings import Settings, read_settings
from pipeline.uploads import Rejected, read_upload
from pipeline.vectors import Vectors

gc.collect()
gc.freeze()
gc.enable()

log = logging.getLogger("pipeline")
EXCERPT = 240
DOCUMENT_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "text": {"type": "string"}},
                    "required": ["name", "text"],
                }
            },
        },
    }
}


class Application:
    """The parts that work behind the HTTP interface, wired to the four servers of the settings."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self._minio = HttpServer("minio", settings.minio_endpoint, settings.address("minio"))
        self._qdrant = HttpServer("qdrant", settings.qdrant_url, settings.address("qdrant"))
        self.objects = Objects(self._minio, settings.minio_access_key, settings.minio_secret_key)
        self.vectors = Vectors(self._qdrant, settings.qdrant_api_key)
        self.records = Records(settings.postgres_dsn, settings.address("postgres"))
        self.progress = Progress(settings.redis_url, settings.address("redis"))
        self.pipeline = Pipeline(self.objects, self.records, self.vectors, self.progress, settings.mask)
        checks = {
            "redis": self.progress.check,
            "postgres": self.records.check,
            "minio": self.objects.check,
            "qdrant": self.vectors.check,
        }
        self.health = Health([Probe(service, check, settings.mask) for service, check in checks.items()])
        self._preparation: asyncio.Task | None = None

    async def open(self) -> None:
        """Get ready to serve at once, whether the servers are there or not."""
        loop = asyncio.get_running_loop()
        # A look-up of a name that is gone can hold a thread for seconds; the others must not wait for it.
        loop.set_default_executor(ThreadPoolExecutor(max_workers=32, thread_name_prefix="pipeline"))
        _before_stopping(loop, self.progress.end_streams)
        await self.records.open()
        self.progress.open()
        self._preparation = asyncio.create_task(self._prepare())

    async def close(self) -> None:
        """End the streams and close every connection."""
        self._preparation.cancel()
        await asyncio.gather(
            self.progress.close(), self.records.close(), self._minio.close(), self._qdrant.close(), return_exceptions=True
        )

    async def _prepare(self) -> None:
        """Lay out table, bucket and collection ahead of the first document; what fails here is made when needed."""
        for prepare in (self.records.ensure_table, self.objects.ensure_bucket, self.vectors.ensure_collection):
            try:
                await prepare()
            except ServerDown as down:
                log.warning("not prepared yet: %s", self.settings.mask(str(down)))


def create_app(settings: Settings) -> FastAPI:
    """Make the application of these settings."""
    parts = Application(settings)
    _log_at(settings.log_level)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await parts.open()
        yield
        await parts.close()

    app = FastAPI(title="Frostbyte pipeline", version="1.0", lifespan=lifespan)
    if settings.allowed_origins:
        from fastapi.middleware.cors import CORSMiddleware

        app.add_middleware(
            CORSMiddleware, allow_origins=list(settings.allowed_origins), allow_methods=["*"], allow_headers=["*"]
        )
    _add_errors(app, settings)
    _add_health(app, parts)
    _add_stream(app, parts)
    _add_documents(app, parts)
    return app


def _add_health(app: FastAPI, parts: Application) -> None:
    @app.get("/health", summary="Say whether all four servers answer")
    async def health() -> Response:
        states = await parts.health.states()
        if all(state.up for state in states.values()):
            return JSONResponse({"status": "healthy"})
        return JSONResponse(_services("unhealthy", states), 503)

    @app.get("/health/services", summary="Say how each server is, with status 200 in any case")
    async def services() -> Response:
        states = await parts.health.states()
        return JSONResponse(_services("healthy" if all(state.up for state in states.values()) else "unhealthy", states))


def _add_stream(app: FastAPI, parts: Application) -> None:
    @app.get("/api/v1/pipeline/stream", summary="Follow the stages of all documents (server-sent events)")
    async def stream(request: Request) -> Response:
        headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
        return StreamingResponse(parts.progress.stream(request.is_disconnected), media_type="text/event-stream", headers=headers)


def _add_documents(app: FastAPI, parts: Application) -> None:
    async def credential(request: Request) -> None:
        authorize(parts.settings, request.headers.get("x-api-key"), request.headers.get("authorization"))

    guarded = [Depends(credential)]

    @app.post("/api/v1/documents", status_code=201, dependencies=guarded, openapi_extra=DOCUMENT_BODY)
    async def post_document(request: Request) -> Response:
        upload = await read_upload(request.headers.get("content-type", ""), request.stream())
        row = await parts.pipeline.run(upload.name, upload.media_type, upload.content)
        where = {"Location": f"/api/v1/documents/{row['id']}"}
        return JSONResponse({**_shown(row), "worker": os.getpid()}, 201, headers=where)

    @app.get("/api/v1/documents", dependencies=guarded)
    async def list_documents(limit: int = Query(20, ge=1, le=200), offset: int = Query(0, ge=0, le=1_000_000)) -> Response:
        rows, total = await parts.records.latest(limit, offset), await parts.records.count()
        return JSONResponse({"documents": [_shown(row) for row in rows], "total": total})

    @app.get("/api/v1/documents/{id}", dependencies=guarded)
    async def get_document(id: UUID) -> Response:
        return JSONResponse(_shown(await _found(parts, id)))

    @app.get("/api/v1/documents/{id}/file", dependencies=guarded)
    async def get_file(id: UUID) -> Response:
        row = await _found(parts, id)
        content = await parts.objects.get(row["object_key"])
        if content is None:
            raise HTTPException(404, f"the file of document '{id}' is not in the bucket")
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['name'], safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(content, media_type=f"{row['media_type']}; charset=utf-8", headers=headers)

    @app.get("/api/v1/search", dependencies=guarded)
    async def search(q: str = Query(min_length=1, max_length=2000), limit: int = Query(10, ge=1, le=100)) -> Response:
        asked = words(q)
        if not asked:
            raise HTTPException(422, "the query holds not a single word")
        hits = await parts.vectors.nearest(embed(q), limit)
        rows = await parts.records.several([UUID(hit.id) for hit in hits])
        results = [
            {"score": hit.score, **_shown(rows[hit.id], without_text=True), "excerpt": excerpt(rows[hit.id]["text"], asked)}
            for hit in hits
            if hit.id in rows
        ]
        return JSONResponse({"query": q, "results": results})


def _add_errors(app: FastAPI, settings: Settings) -> None:
    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return JSONResponse({"detail": str(error)}, 401, headers={"WWW-Authenticate": "Bearer"})

    @app.exception_handler(Rejected)
    async def rejected(_: Request, error: Rejected) -> Response:
        return JSONResponse({"detail": str(error)}, error.status)

    @app.exception_handler(ServerDown)
    async def down(_: Request, error: ServerDown) -> Response:
        return JSONResponse({"detail": settings.mask(str(error)), "service": error.service}, 503)

    @app.exception_handler(Failed)
    async def failed(_: Request, error: Failed) -> Response:
        about = {"detail": settings.mask(str(error)), "id": str(error.id), "stage": "FAILED", "towards": error.stage}
        if isinstance(error.cause, ServerDown):
            return JSONResponse({**about, "service": error.cause.service}, 503)
        return JSONResponse(about, 422)


async def _found(parts: Application, id: UUID) -> dict:
    row = await parts.records.one(id)
    if row is None:
        raise HTTPException(404, f"there is no document '{id}'")
    return row


def _services(status: str, states: dict) -> dict:
    return {"status": status, "services": {service: state.as_json() for service, state in states.items()}}


def _shown(row: dict, without_text: bool = False) -> dict:
    shown = {name: value for name, value in row.items() if name != "object_key" and not (without_text and name == "text")}
    shown["id"] = str(row["id"])
    for moment in ("created_at", "updated_at"):
        shown[moment] = row[moment].isoformat()
    return shown


def excerpt(text: str, asked: list[str]) -> str:
    """Return the part of a text around the first word that was asked for, else its beginning."""
    lowered = text.lower()
    places = [place for place in (lowered.find(word) for word in asked if len(word) > 2) if place >= 0]
    start = max(0, min(places, default=0) - EXCERPT // 3)
    part = " ".join(text[start : start + EXCERPT].split())
    return ("… " if start else "") + part + (" …" if start + EXCERPT < len(text) else "")


def _before_stopping(loop: asyncio.AbstractEventLoop, act) -> None:
    """Act when the process is asked to stop, before the web server waits for its open connections to end.

    The lifespan ends only after the last connection, so that an open stream would hold the process for ever.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        previous = signal.getsignal(number)
        if not callable(previous):
            continue

        def asked(signum, frame, previous=previous):
            loop.call_soon_threadsafe(act)
            previous(signum, frame)

        try:
            signal.signal(number, asked)
        except ValueError:
            return  # not in the main thread: whoever runs us there stops us by other means


def _log_at(level: str) -> None:
    log.setLevel(level)
    if not log.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s [%(process)d] %(message)s"))
        log.addHandler(handler)
        log.propagate = False


app = create_app(read_settings())
