"""Signed tokens: what they say can be read by anybody, and made by nobody without the secret."""

import base64
import hashlib
import hmac
import json
import time


class BadToken(Exception):
    """The token is not ours, or no longer valid."""


def sign(claims: dict, secret: str, lifetime: int = 8 * 3600, now=time.time) -> str:
    body = _encode(json.dumps({**claims, "exp": int(now()) + lifetime}).encode())
    return f"{body}.{_signature(body, secret)}"


def verify(token: str, secret: str, now=time.time) -> dict:
    body, _, signature = token.partition(".")
    if not hmac.compare_digest(signature, _signature(body, secret)):
        raise BadToken("the signature does not fit")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if claims["exp"] < now():
        raise BadToken("the token has expired")
    return claims


def _signature(body: str, secret: str) -> str:
    return _encode(hmac.new(secret.encode(), body.encode(), hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
