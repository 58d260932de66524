"""What the four servers have in common: how their loss is told, and how two of them are spoken to over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import httpcore

# How Redis' client tells a failure to connect whose cause it has lost.
_NUMBERED = re.compile(r"Error (\d+) connecting to ")


class ServerDown(Exception):
    """A server that does not answer, or not as it should, with its name and the reason."""

    def __init__(self, service: str, reason: str):
        super().__init__(f"{service} is down: {reason}")
        self.service = service
        self.reason = reason


def reason_of(error: BaseException, address: str) -> str:
    """Return in a few words why a server could not be used, found in an error or in what caused it."""
    for each in _causes(error):
        if isinstance(each, ConnectionRefusedError):
            return f"connection refused at {address}"
        if isinstance(each, socket.gaierror):
            return f"host name of {address} does not resolve"
        if isinstance(each, (ConnectionResetError, BrokenPipeError)):
            return f"connection to {address} was reset"
        if isinstance(each, OSError) and each.strerror and not isinstance(each, TimeoutError):
            return f"{each.strerror.lower()} at {address}"
    if any(isinstance(each, (TimeoutError, asyncio.TimeoutError, httpcore.TimeoutException)) for each in _causes(error)):
        return f"no answer in time from {address}"
    text = str(error).strip().split("\n")[0]
    if numbered := _NUMBERED.match(text):
        return f"{os.strerror(int(numbered.group(1))).lower()} at {address}"
    return f"{text or type(error).__name__} (at {address})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk an error, the members of a group, and the causes of each, nearest first."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting.extend(each.exceptions)
        waiting.extend(cause for cause in (each.__cause__, each.__context__) if cause is not None)


@dataclass(frozen=True)
class Answer:
    """The answer to an HTTP request, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def says(self) -> str:
        """Return the beginning of the body, for a message."""
        return self.body[:300].decode("utf-8", "replace").strip()


class HttpServer:
    """A server spoken to over HTTP, its connections kept and reused.

    Every failure is a ServerDown. Close it when done.
    """

    def __init__(self, service: str, base_url: str, address: str):
        self.service = service
        self.base_url = base_url
        self._address = address
        self._pool = httpcore.AsyncConnectionPool(max_connections=20, keepalive_expiry=60)

    async def request(
        self, method: str, path: str, headers: dict[str, str], content: bytes = b"", seconds: float = 10.0
    ) -> Answer:
        """Send a request and read the whole answer, in so many seconds at most."""
        timeouts = {"connect": min(seconds, 2.0), "read": seconds, "write": seconds, "pool": seconds}
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            async with asyncio.timeout(seconds):
                response = await self._pool.request(
                    method, self.base_url + path, headers=sent, content=content, extensions={"timeout": timeouts}
                )
        except (OSError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise ServerDown(self.service, reason_of(error, self._address)) from error
        received = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, received, response.content)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
