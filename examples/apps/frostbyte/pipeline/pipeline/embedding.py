"""A vector for a text, made here: no model to download, the same on every machine and in every process.

Words and the character trigrams inside them are hashed into a fixed number of signed buckets (the
"hashing trick"), damped by their frequency and normalised, so that the dot product of two vectors is
the cosine of their angle. Trigrams let 'embedding' and 'embeddings' meet; words keep the ranking sharp.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections import Counter

DIMENSION = 256
WORD_WEIGHT = 1.0
TRIGRAM_WEIGHT = 0.4
_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset(
    "a an and are as at be but by can do for from had has have he her his how i if in into is it its no not of on or"
    " our she so than that the their them then there these they this to was we were what when which who will with you"
    " your".split()
)


def embed(text: str) -> list[float]:
    """Return the unit vector of a text; a text without a single word gives the zero vector."""
    vector = [0.0] * DIMENSION
    for feature, weight in _features(text).items():
        bucket, sign = _bucket(feature)
        vector[bucket] += sign * weight
    length = math.hypot(*vector)
    return [value / length for value in vector] if length else vector


def words(text: str) -> list[str]:
    """Return the words of a text, lower-cased and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(mark for mark in plain if not unicodedata.combining(mark)))


def _features(text: str) -> dict[str, float]:
    counts = Counter(words(text))
    telling = {word: count for word, count in counts.items() if word not in _COMMON} or counts
    features: dict[str, float] = {}
    trigrams: Counter[str] = Counter()
    for word, count in telling.items():
        features[word] = WORD_WEIGHT * _damped(count)
        edged = f"<{word}>"
        for start in range(len(edged) - 2):
            trigrams[edged[start : start + 3]] += count
    for trigram, count in trigrams.items():
        features[f"#{trigram}"] = TRIGRAM_WEIGHT * _damped(count)
    return features


def _damped(count: int) -> float:
    return 1.0 + math.log(count)


def _bucket(feature: str) -> tuple[int, float]:
    digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
    return digest % DIMENSION, 1.0 if digest >> 63 else -1.0
