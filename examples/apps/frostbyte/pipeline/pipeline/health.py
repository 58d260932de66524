"""Which of the four servers answer, and why those that don't do not."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pipeline.servers import ServerDown

log = logging.getLogger("pipeline")
# How long an answer is waited for before the server counts as down, and how long a check may go on after that.
PATIENCE = 1.5
LIMIT = 3.0
SILENT = f"no answer within {PATIENCE} s"


@dataclass(frozen=True)
class State:
    """What a check found; the reason is empty when the server is up."""

    reason: str
    milliseconds: float

    @property
    def up(self) -> bool:
        return not self.reason

    def as_json(self) -> dict:
        if self.up:
            return {"status": "up", "ms": round(self.milliseconds, 1)}
        return {"status": "down", "reason": self.reason}


class Probe:
    """The check of one server. It runs once at a time: whoever asks meanwhile gets the same answer."""

    def __init__(self, service: str, check: Callable[[float], Awaitable[None]], mask: Callable[[str], str]):
        self.service = service
        self._check = check
        self._mask = mask
        self._running: asyncio.Task[State] | None = None
        self._known_up = True

    async def state(self) -> State:
        """Return what the server says now; a server that keeps silent is down, and the check goes on alone."""
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._ask())
        done, _ = await asyncio.wait({self._running}, timeout=PATIENCE)
        state = self._running.result() if done else State(SILENT, PATIENCE * 1000)
        self._tell(state)
        return state

    async def _ask(self) -> State:
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(LIMIT):
                await self._check(LIMIT)
            return State("", (time.perf_counter() - begun) * 1000)
        except ServerDown as down:
            slow = time.perf_counter() - begun > PATIENCE
            reason = SILENT if slow else down.reason
        except TimeoutError:
            reason = SILENT
        except Exception as error:
            log.exception("the check of %s failed", self.service)
            reason = f"the check failed: {error or type(error).__name__}"
        return State(self._mask(reason), (time.perf_counter() - begun) * 1000)

    def _tell(self, state: State) -> None:
        """Log a change, once."""
        if state.up == self._known_up:
            return
        self._known_up = state.up
        if state.up:
            log.info("%s is back", self.service)
        else:
            log.warning("%s is down: %s", self.service, state.reason)


class Health:
    """The checks of all servers, run side by side."""

    def __init__(self, probes: list[Probe]):
        self._probes = probes

    async def states(self) -> dict[str, State]:
        """Return the state of each server, in a fixed order."""
        found = await asyncio.gather(*(probe.state() for probe in self._probes))
        return {probe.service: state for probe, state in zip(self._probes, found)}
