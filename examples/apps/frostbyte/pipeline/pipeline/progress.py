"""How far each document has come: told through Redis, so that every worker's streams hear of every worker's work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timezone

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pipeline.servers import ServerDown, reason_of

CHANNEL = "frostbyte:pipeline"
SERVICE = "redis"
HEARTBEAT = ": heartbeat\n\n"
# A stream whose reader is slower than this many events loses the oldest.
BACKLOG = 500
SILENCE_BEFORE_PING = 4.0
SILENCE_BEFORE_LOSS = 9.0
# After a loss nothing is sent for so many seconds, unless Redis is heard again before.
REST = 5.0
log = logging.getLogger("pipeline")


def event(stage: str, message: str, **more) -> dict:
    """Return an event: its stage, what happened, in which worker and when."""
    moment = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    return {"stage": stage, "message": message, **more, "worker": os.getpid(), "time": moment}


class Progress:
    """Publishes events, and hands those of all workers to this worker's open streams.

    One subscription per worker, whatever the number of streams; it comes back by itself after a loss,
    and the streams are told of both.
    """

    def __init__(self, url: str, address: str, heartbeat: float = 10.0):
        self._address = address
        self._heartbeat = heartbeat
        self._redis = redis.asyncio.from_url(
            url, socket_connect_timeout=2, socket_timeout=3, retry=Retry(NoBackoff(), 1), max_connections=50
        )
        self._streams: set[asyncio.Queue[dict | None]] = set()
        self._state, self._message = "connecting", "waiting for redis"
        self._resting_until = 0.0
        self._stopping = False
        self._listener: asyncio.Task | None = None

    def open(self) -> None:
        """Begin to listen, in the background."""
        self._listener = asyncio.create_task(self._listen())

    def end_streams(self) -> None:
        """End every open stream, and those still to come, so that the server can stop."""
        self._stopping = True
        for stream in self._streams:
            _offer(stream, None)

    async def close(self) -> None:
        """Stop to listen and close the connections."""
        self.end_streams()
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.wait({self._listener}, timeout=2)
        with contextlib.suppress(RedisError, OSError):
            await self._redis.aclose()

    async def publish(self, happened: dict) -> None:
        """Tell all workers. A loss of Redis is logged; the work that was to be reported goes on without."""
        if time.monotonic() < self._resting_until:
            return
        try:
            async with asyncio.timeout(2):
                await self._redis.publish(CHANNEL, json.dumps(happened))
        except (RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST
            log.warning("%s and what follows not reported: redis is down: %s", happened["stage"], reason_of(error, self._address))

    async def check(self, seconds: float) -> None:
        """Raise ServerDown unless the server answers PING."""
        try:
            async with asyncio.timeout(seconds):
                await self._redis.ping()
        except (RedisError, OSError) as error:
            raise ServerDown(SERVICE, reason_of(error, self._address)) from error

    async def stream(self, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
        """Give the lines of one stream: the state at once, then each event, a comment when nothing happens.

        End when the reader is gone. It has to be asked for: not every web server tells of it when a line is sent.
        """
        queue: asyncio.Queue[dict | None] = asyncio.Queue(BACKLOG)
        self._streams.add(queue)
        if self._stopping:
            queue.put_nowait(None)
        try:
            yield _line(self._situation())
            while True:
                happened = await self._next(queue)
                if happened is None:
                    yield _line(event("SYSTEM", "this worker is stopping", state="stopping"))
                    return
                if await gone():
                    return
                yield happened
        finally:
            self._streams.discard(queue)

    async def _next(self, queue: asyncio.Queue[dict | None]) -> str | None:
        """Return the next event's line, a heartbeat when there is none for a while, None at the end."""
        try:
            happened = await asyncio.wait_for(queue.get(), self._heartbeat)
        except TimeoutError:
            return HEARTBEAT
        return _line(happened) if happened else None

    async def _listen(self) -> None:
        pause = 0.1
        while True:
            try:
                await self._subscription()
            except (RedisError, OSError) as error:
                if self._state == "listening":
                    pause = 0.1
                self._change("lost", f"redis is down: {reason_of(error, self._address)}")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _subscription(self) -> None:
        """Listen until the server is lost; a server that says nothing is asked, and is lost if it does not answer."""
        async with self._redis.pubsub() as subscription:
            async with asyncio.timeout(3):
                await subscription.subscribe(CHANNEL)
            heard = time.monotonic()
            while True:
                message = await subscription.get_message(timeout=SILENCE_BEFORE_PING)
                now = time.monotonic()
                if message is not None:
                    heard = now
                    self._take(message)
                elif now - heard > SILENCE_BEFORE_LOSS:
                    raise TimeoutError
                else:
                    await subscription.ping()

    def _take(self, message: dict) -> None:
        if message["type"] == "subscribe":
            self._resting_until = 0.0
            self._change("listening", "listening for pipeline events")
        elif message["type"] == "message":
            self._hand_out(json.loads(message["data"]))

    def _change(self, state: str, message: str) -> None:
        if self._state == state:
            return
        if state == "lost":
            log.warning("events lost: %s", message)
        elif self._state == "lost":
            log.info("events are back")
        self._state, self._message = state, message
        self._hand_out(self._situation())

    def _situation(self) -> dict:
        return event("SYSTEM", self._message, state=self._state)

    def _hand_out(self, happened: dict) -> None:
        for stream in self._streams:
            _offer(stream, happened)


def _offer(stream: asyncio.Queue[dict | None], happened: dict | None) -> None:
    if stream.full():
        stream.get_nowait()
    stream.put_nowait(happened)


def _line(happened: dict) -> str:
    return f"data: {json.dumps(happened)}\n\n"
