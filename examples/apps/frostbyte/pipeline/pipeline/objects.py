"""The files themselves, in a bucket of MinIO or of any server that speaks S3 (Signature Version 4)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timezone
from urllib.parse import quote, urlsplit

from pipeline.servers import Answer, HttpServer, ServerDown

BUCKET = "documents"
REGION = "us-east-1"


class Objects:
    """The bucket of documents; it is made when it is found missing."""

    def __init__(self, server: HttpServer, access_key: str, secret_key: str):
        self._server = server
        self._access_key = access_key
        self._secret_key = secret_key
        self._host = urlsplit(server.base_url).netloc.rpartition("@")[2]

    async def ensure_bucket(self) -> None:
        """Make the bucket unless it is there; two workers may do so at once."""
        answer = await self._send("PUT", f"/{BUCKET}")
        if answer.status not in (200, 204, 409):
            raise self._unexpected(answer, f"making the bucket '{BUCKET}'")

    async def put(self, key: str, content: bytes, media_type: str) -> None:
        """Store the bytes under a key."""
        answer = await self._send("PUT", f"/{BUCKET}/{key}", content, {"content-type": media_type})
        if answer.status == 404:
            await self.ensure_bucket()
            answer = await self._send("PUT", f"/{BUCKET}/{key}", content, {"content-type": media_type})
        if answer.status not in (200, 201, 204):
            raise self._unexpected(answer, f"storing '{key}'")

    async def get(self, key: str) -> bytes | None:
        """Return the bytes under a key, None when there are none."""
        answer = await self._send("GET", f"/{BUCKET}/{key}")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self._unexpected(answer, f"reading '{key}'")
        return answer.body

    async def check(self, seconds: float) -> None:
        """Raise ServerDown unless the server shows the bucket; a bucket that is missing is made."""
        answer = await self._send("HEAD", f"/{BUCKET}", seconds=seconds)
        if answer.status == 404:
            return await self.ensure_bucket()
        if answer.status not in (200, 204):
            raise self._unexpected(answer, "a signed request")

    async def _send(
        self, method: str, path: str, content: bytes = b"", headers: dict[str, str] | None = None, seconds: float = 10.0
    ) -> Answer:
        now = datetime.now(timezone.utc)
        target = quote(path, safe="/-_.~")
        signed = sign(method, self._host, target, content, self._access_key, self._secret_key, now)
        return await self._server.request(method, target, {**signed, **(headers or {})}, content, seconds)

    def _unexpected(self, answer: Answer, what: str) -> ServerDown:
        if answer.status == 403:
            return ServerDown(self._server.service, "the credentials in MINIO_ACCESS_KEY and MINIO_SECRET_KEY are refused")
        return ServerDown(self._server.service, f"answered {answer.status} to {what} {answer.says}".rstrip())


def sign(method: str, host: str, path: str, content: bytes, access_key: str, secret_key: str, now: datetime) -> dict[str, str]:
    """Return the headers that sign a request without a query, per AWS Signature Version 4."""
    moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    digest = hashlib.sha256(content).hexdigest()
    headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": moment}
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"{method}\n{path}\n\n{lines}\n{names}\n{digest}"
    scope = f"{day}/{REGION}/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret_key}".encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return {
        **headers,
        "authorization": f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}",
    }
