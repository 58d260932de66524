"""From the bytes of a file to its text, title and length."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.embedding import words

MEDIA_TYPES = {".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain", ".text": "text/plain"}
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"^ {0,3}(?:#{1,6} +|> ?|[-*+] +|\d+\. +|```.*$|~~~.*$)| +#+ *$|\*\*|__|`", re.MULTILINE)


class Unreadable(ValueError):
    """A file that holds no text we can read; the message says why."""


@dataclass(frozen=True)
class Extract:
    """What was found in a file."""

    title: str
    text: str
    words: int


def media_type(name: str) -> str | None:
    """Return the media type that the end of a file's name tells, None when it tells none that we read."""
    return next((kind for end, kind in MEDIA_TYPES.items() if name.lower().endswith(end)), None)


def extract(name: str, kind: str, content: bytes) -> Extract:
    """Return title, plain text and number of words; raise Unreadable for what is no UTF-8 text or empty."""
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"'{name}' is not UTF-8 text (byte {error.start})") from error
    if "\0" in source:
        raise Unreadable(f"'{name}' is not text: it holds a NUL character")
    text = plain(source) if kind == "text/markdown" else source.strip()
    count = len(words(text))
    if not count:
        raise Unreadable(f"'{name}' holds not a single word")
    return Extract(title(name, kind, source), text, count)


def plain(markdown: str) -> str:
    """Return Markdown's text without its marks; a link keeps its words."""
    return _MARKS.sub("", _LINK.sub(r"\1", markdown)).strip()


def title(name: str, kind: str, source: str) -> str:
    """Return the first heading, else the first line, else the file's name; cut to 120 characters."""
    lines = [line for line in source.splitlines() if line.strip()]
    headings = (_HEADING.match(line) for line in lines) if kind == "text/markdown" else ()
    heading = next((found.group(1) for found in headings if found), None)
    return (heading or (lines[0].strip() if lines else name))[:120]
