"""The HTTP interface of the chatbot: `uvicorn src.app.main:app`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from src.app import metrics, tasks
from src.app.files import Files
from src.app.memory import Memory
from src.app.messages import Messages
from src.app.settings import Settings, read_settings

log = logging.getLogger("chatbot")
PATIENCE = 3.0


class Question(BaseModel):
    """What somebody says."""

    message: str = Field(min_length=1, max_length=4000)
    author: str = Field(default="somebody", max_length=80)


class Text(BaseModel):
    """A text for the worker."""

    text: str = Field(max_length=100_000)


def create_app(settings: Settings) -> FastAPI:
    """Make the application of these settings."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)-7s [%(process)d] %(name)s: %(message)s")
    for library in ("botocore", "boto3", "urllib3", "httpx", "httpcore"):
        logging.getLogger(library).setLevel("WARNING")
    messages = Messages(settings.database_url)
    memory = Memory(settings.qdrant_url, settings.collection)
    files = Files(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await messages.open()
        log.info("ready in %s", settings.environment)
        yield
        await asyncio.gather(messages.close(), memory.close(), return_exceptions=True)

    app = FastAPI(title="Chatbot", version="1.0", debug=settings.debug, lifespan=lifespan)
    _measure(app)

    @app.get("/health", summary="Say whether the servers answer")
    async def health() -> Response:
        checks = {"postgres": messages.check(), "qdrant": memory.check(), "redis": asyncio.to_thread(_check_broker)}
        found = dict(zip(checks, await asyncio.gather(*(_judge(check) for check in checks.values()))))
        well = not any(found.values())
        body = {"status": "healthy" if well else "unhealthy", "environment": settings.environment}
        return JSONResponse(body if well else {**body, "down": {name: why for name, why in found.items() if why}}, 200 if well else 503)

    @app.get("/metrics", include_in_schema=False)
    async def show_metrics() -> Response:
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @app.post("/api/v1/chat", summary="Say something, and be reminded of what is like it")
    async def chat(question: Question) -> Response:
        before = await memory.nearest(question.message)
        reply = f"That is like: {before[0]['text']}" if before else "Nobody has said that before."
        id = await messages.add(question.author, question.message, reply)
        await memory.remember(id, question.message)
        task = await _send(tasks.archive, id, question.author, question.message, reply)
        metrics.MESSAGES.inc()
        return JSONResponse({"id": id, "reply": reply, "like": before, "environment": settings.environment, "task": task})

    @app.get("/api/v1/messages", summary="Count the messages")
    async def count() -> Response:
        return JSONResponse({"count": await messages.count(), "environment": settings.environment})

    @app.put("/api/v1/files/{name}", status_code=201, summary="Keep a file")
    async def put_file(name: str, request: Request) -> Response:
        await asyncio.to_thread(files.put, settings.documents, name, await request.body())
        return JSONResponse({"name": name, "bucket": settings.documents}, 201)

    @app.get("/api/v1/files/{name}", summary="Return a file that was kept")
    async def get_file(name: str) -> Response:
        content = await asyncio.to_thread(files.get, settings.documents, name)
        if content is None:
            raise HTTPException(404, f"there is no file '{name}'")
        return Response(content, media_type="application/octet-stream")

    @app.post("/api/v1/tasks", status_code=202, summary="Let the worker look at a text")
    async def begin_task(text: Text) -> Response:
        return JSONResponse({"task": await _send(tasks.summarise, text.text)}, 202)

    @app.get("/api/v1/tasks/{id}", summary="Say how a task is getting on")
    async def get_task(id: str) -> Response:
        result = tasks.celery.AsyncResult(id)
        state = await asyncio.to_thread(lambda: result.state)
        body = {"task": id, "state": state}
        return JSONResponse({**body, "result": result.result} if state == "SUCCESS" else body)

    @app.get("/", include_in_schema=False)
    async def root() -> Response:
        return JSONResponse({"chatbot": settings.environment, "docs": "/docs", "worker": os.getpid()})

    return app


async def _send(task, *arguments) -> str:
    sent = await asyncio.to_thread(task.delay, *arguments)
    metrics.TASKS.labels(task.name).inc()
    return sent.id


def _check_broker() -> None:
    with tasks.celery.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=2)


async def _judge(check: Awaitable) -> str:
    """Return why a check fails, nothing if it does not."""
    try:
        async with asyncio.timeout(PATIENCE):
            await check
        return ""
    except TimeoutError:
        return f"no answer within {PATIENCE:g} s"
    except Exception as error:
        return str(error).split("\n")[0] or type(error).__name__


def _measure(app: FastAPI) -> None:
    @app.middleware("http")
    async def measured(request: Request, call_next) -> Response:
        begun = time.perf_counter()
        status = 500
        metrics.ACTIVE.inc()
        try:
            response = await call_next(request)
            status = response.status_code
            return response
        finally:
            metrics.ACTIVE.dec()
            # the route as it is declared: a metric for each name that somebody invents would fill the memory
            route = request.scope.get("route")
            path = route.path if route else "(none)"
            metrics.REQUESTS.labels(request.method, path, str(status)).inc()
            metrics.SECONDS.labels(request.method, path).observe(time.perf_counter() - begun)


app = create_app(read_settings())
