"""What was said before, in Qdrant, found by likeness."""

from __future__ import annotations

import httpx

from src.app.embedding import SIZE, embed


class Memory:
    """The environment's own collection. Close it in the end."""

    def __init__(self, qdrant_url: str, collection: str):
        self._client = httpx.AsyncClient(base_url=qdrant_url, timeout=10)
        self._path = f"/collections/{collection}"
        self._known = False

    async def nearest(self, text: str, limit: int = 3) -> list[dict]:
        """Return what was said before that is most like the text, with its score."""
        await self._ensure()
        answer = await self._client.post(
            f"{self._path}/points/search", json={"vector": embed(text), "limit": limit, "with_payload": True}
        )
        answer.raise_for_status()
        return [{"text": hit["payload"]["text"], "score": round(hit["score"], 4)} for hit in answer.json()["result"]]

    async def remember(self, id: int, text: str) -> None:
        await self._ensure()
        point = {"id": id, "vector": embed(text), "payload": {"text": text}}
        answer = await self._client.put(f"{self._path}/points?wait=true", json={"points": [point]})
        answer.raise_for_status()

    async def check(self) -> None:
        (await self._client.get("/healthz")).raise_for_status()

    async def close(self) -> None:
        await self._client.aclose()

    async def _ensure(self) -> None:
        if self._known:
            return
        answer = await self._client.put(self._path, json={"vectors": {"size": SIZE, "distance": "Cosine"}})
        # another process may have been first
        if answer.status_code not in (200, 400, 409):
            answer.raise_for_status()
        self._known = True
