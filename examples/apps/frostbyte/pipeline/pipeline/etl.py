"""The pipeline: a document is received, stored, read, embedded and indexed, and each stage is reported."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from uuid import UUID, uuid4

from pipeline.embedding import embed
from pipeline.extraction import Unreadable, extract
from pipeline.objects import Objects
from pipeline.progress import Progress, event
from pipeline.records import Records
from pipeline.servers import ServerDown
from pipeline.vectors import Vectors

log = logging.getLogger("pipeline")


class Failed(Exception):
    """A document that did not get through, with the stage it failed to reach; the cause says why."""

    def __init__(self, id: UUID, stage: str, cause: Exception):
        super().__init__(str(cause))
        self.id = id
        self.stage = stage
        self.cause = cause


class Pipeline:
    """Takes one document at a time through all stages; any number may run at once."""

    def __init__(self, objects: Objects, records: Records, vectors: Vectors, progress: Progress, mask: Callable[[str], str]):
        self._objects = objects
        self._records = records
        self._vectors = vectors
        self._progress = progress
        self._mask = mask

    async def run(self, name: str, media_type: str, content: bytes) -> dict:
        """Take a document in and return its row; raise Failed, reported and noted, when a stage fails."""
        journey = _Journey(uuid4(), name, self._progress)
        try:
            return await self._stages(journey, media_type, content)
        except (ServerDown, Unreadable) as cause:
            await self._failed(journey, cause)
            raise Failed(journey.id, journey.towards, cause) from cause

    async def _stages(self, journey: _Journey, media_type: str, content: bytes) -> dict:
        id, name = journey.id, journey.name
        key = f"{id}/{_safe(name)}"
        await self._records.add(id, name, media_type, len(content), hashlib.sha256(content).hexdigest(), key)
        await journey.reached(f"{len(content)} bytes received")

        await self._objects.put(key, content, media_type)
        await self._records.reached(id, "STORED")
        await journey.reached(f"file stored as {key}")

        found = await asyncio.to_thread(extract, name, media_type, content)
        await self._records.extracted(id, found.title, found.text, found.words)
        await journey.reached(f"{found.words} words read")

        vector = await asyncio.to_thread(embed, f"{found.title}\n{found.text}")
        await self._records.reached(id, "EMBEDDED")
        await journey.reached(f"vector of {len(vector)} numbers made")

        await self._vectors.put(str(id), vector, {"name": name})
        await self._records.reached(id, "INDEXED")
        await journey.reached("vector indexed")

        row = await self._records.reached(id, "DONE")
        await journey.reached(f"done in {journey.milliseconds:.0f} ms")
        return row

    async def _failed(self, journey: _Journey, cause: Exception) -> None:
        reason = self._mask(str(cause))
        log.warning("document %s failed on its way to %s: %s", journey.id, journey.towards, reason)
        await journey.failed(reason)
        try:
            await self._records.reached(journey.id, "FAILED", reason)
        except ServerDown as down:
            log.warning("failure of %s not noted: %s", journey.id, down)


class _Journey:
    """One document's way through the stages, and the reports of it."""

    STAGES = ("RECEIVED", "STORED", "EXTRACTED", "EMBEDDED", "INDEXED", "DONE")

    def __init__(self, id: UUID, name: str, progress: Progress):
        self.id = id
        self.name = name
        self._progress = progress
        self._passed = 0
        self._begun = time.perf_counter()

    @property
    def towards(self) -> str:
        return self.STAGES[self._passed]

    @property
    def milliseconds(self) -> float:
        return (time.perf_counter() - self._begun) * 1000

    async def reached(self, message: str) -> None:
        stage = self.towards
        self._passed = min(self._passed + 1, len(self.STAGES) - 1)
        await self._report(stage, message)

    async def failed(self, reason: str) -> None:
        await self._report("FAILED", reason, towards=self.towards)

    async def _report(self, stage: str, message: str, **more) -> None:
        elapsed = round(self.milliseconds, 1)
        await self._progress.publish(event(stage, message, document=str(self.id), name=self.name, ms=elapsed, **more))


def _safe(name: str) -> str:
    """Return a file's name as part of an object's key: letters, digits, dot, dash, underscore."""
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return kept[-100:] or "document"
