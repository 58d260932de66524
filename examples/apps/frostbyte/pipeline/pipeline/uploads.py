"""A document out of a request: a file of a multipart form, or JSON with a name and a text."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from pipeline.extraction import MEDIA_TYPES, media_type

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 200


class Rejected(Exception):
    """A request that holds no document we take, with the HTTP status that says so."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Upload:
    """A document as it was sent."""

    name: str
    media_type: str
    content: bytes


async def read_upload(content_type: str, chunks: AsyncIterator[bytes]) -> Upload:
    """Read a document from a request's body; raise Rejected when there is none that we take."""
    kind, options = parse_options_header(content_type)
    if kind == "application/json":
        return _from_json(await _whole(chunks))
    if kind == "multipart/form-data" and options.get("boundary"):
        return await _from_form(options["boundary"], chunks)
    raise Rejected(415, f"content type '{kind}' is not taken; send multipart/form-data with a file, or application/json")


def _from_json(body: bytes) -> Upload:
    try:
        document = json.loads(body)
    except ValueError as error:
        raise Rejected(422, f"the body is not JSON: {error}") from error
    name, text = (document.get(key) if isinstance(document, dict) else None for key in ("name", "text"))
    if not isinstance(name, str) or not isinstance(text, str):
        raise Rejected(422, 'the body must be {"name": "…", "text": "…"}')
    return _checked(name, media_type(name) or "text/plain", text.encode("utf-8", "surrogatepass"))


async def _from_form(boundary: str, chunks: AsyncIterator[bytes]) -> Upload:
    part: MultipartSegment | None = None
    content = bytearray()
    inside = False
    try:
        with PushMultipartParser(boundary) as parser:
            async for chunk in chunks:
                for found in parser.parse(chunk):
                    if isinstance(found, MultipartSegment):
                        inside = part is None and found.filename is not None
                        part = found if inside else part
                    elif inside and found:
                        content += found
                        _check_size(len(content))
    except MultipartError as error:
        raise Rejected(422, f"the form can't be read: {error}") from error
    if part is None:
        raise Rejected(422, "the form holds no file; send one in the field 'file'")
    name = part.filename.replace("\\", "/").rpartition("/")[2]
    declared = (part.content_type or "").partition(";")[0].strip().lower()
    kind = media_type(name) or (declared if declared in MEDIA_TYPES.values() else None)
    if kind is None:
        raise Rejected(415, f"'{name}' is neither text nor Markdown; names end in {', '.join(MEDIA_TYPES)}")
    return _checked(name, kind, bytes(content))


def _checked(name: str, kind: str, content: bytes) -> Upload:
    clean = " ".join(name.replace("\0", "").split())
    if not clean or len(clean) > LONGEST_NAME or not _encodable(clean):
        raise Rejected(422, f"a document needs a name of 1 to {LONGEST_NAME} characters")
    return Upload(clean, kind, content)


def _encodable(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


async def _whole(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        _check_size(len(body))
    return bytes(body)


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise Rejected(413, f"a document may have {LARGEST // (1024 * 1024)} MB at most")
