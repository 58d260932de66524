"""Vectors of hashed words: the same on every machine, nothing to download. They find words, not meanings."""

from __future__ import annotations

import hashlib
import math
import re

SIZE = 128


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return re.findall(r"\w+", text.lower())


def embed(text: str) -> list[float]:
    """Return a vector of length one for a text."""
    vector = [0.0] * SIZE
    for word in words(text):
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        vector[int.from_bytes(digest[:4], "big") % SIZE] += 1.0 if digest[4] % 2 else -1.0
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else [1.0] + [0.0] * (SIZE - 1)
