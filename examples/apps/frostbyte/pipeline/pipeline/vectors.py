"""The vectors, in a collection of Qdrant."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pipeline.embedding import DIMENSION
from pipeline.servers import Answer, HttpServer, ServerDown

COLLECTION = "documents"


@dataclass(frozen=True)
class Hit:
    """A document that is near to what was asked, and how near."""

    id: str
    score: float


class Vectors:
    """The collection of documents; it is made when it is found missing."""

    def __init__(self, server: HttpServer, api_key: str):
        self._server = server
        self._headers = {"content-type": "application/json", **({"api-key": api_key} if api_key else {})}

    async def ensure_collection(self) -> None:
        """Make the collection unless it is there; two workers may do so at once."""
        shape = {"vectors": {"size": DIMENSION, "distance": "Cosine"}}
        answer = await self._send("PUT", "", shape)
        if answer.status != 200 and "already exists" not in answer.says:
            raise self._unexpected(answer, f"making the collection '{COLLECTION}'")

    async def put(self, id: str, vector: list[float], payload: dict) -> None:
        """Store a vector; it can be found when this returns."""
        points = {"points": [{"id": id, "vector": vector, "payload": payload}]}
        answer = await self._send("PUT", "/points?wait=true", points)
        if answer.status == 404:
            await self.ensure_collection()
            answer = await self._send("PUT", "/points?wait=true", points)
        if answer.status != 200:
            raise self._unexpected(answer, "storing a vector")

    async def nearest(self, vector: list[float], limit: int) -> list[Hit]:
        """Return the nearest documents, nearest first."""
        answer = await self._send("POST", "/points/query", {"query": vector, "limit": limit})
        if answer.status == 404:
            await self.ensure_collection()
            return []
        if answer.status != 200:
            raise self._unexpected(answer, "a search")
        return [Hit(str(point["id"]), point["score"]) for point in json.loads(answer.body)["result"]["points"]]

    async def check(self, seconds: float) -> None:
        """Raise ServerDown unless the server says that it is ready."""
        answer = await self._server.request("GET", "/readyz", {}, seconds=seconds)
        if answer.status != 200:
            raise self._unexpected(answer, "/readyz")

    async def _send(self, method: str, path: str, body: dict) -> Answer:
        target = f"/collections/{COLLECTION}{path}"
        return await self._server.request(method, target, self._headers, json.dumps(body).encode())

    def _unexpected(self, answer: Answer, what: str) -> ServerDown:
        return ServerDown(self._server.service, f"answered {answer.status} to {what}: {answer.says}")
