"""Who may use the API: an admin key, or a JSON Web Token signed with HS256."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time

from pipeline.settings import Settings


class Refused(Exception):
    """A request without a credential that holds; the message says why, never what was sent."""


def authorize(settings: Settings, api_key: str | None, authorization: str | None, now: float | None = None) -> None:
    """Raise Refused unless the key or the bearer token holds, or authorization is switched off."""
    if settings.auth_bypass:
        return
    if api_key is not None:
        _check_key(api_key, settings.admin_api_key)
        return
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        verify_token(token.strip(), settings.jwt_secret, time.time() if now is None else now)
        return
    raise Refused("a credential is required: header 'X-API-Key', or 'Authorization: Bearer <token>'")


def verify_token(token: str, secret: str, now: float) -> dict:
    """Return the claims of a token that is signed with the secret and valid now; raise Refused otherwise."""
    if not secret:
        raise Refused("tokens are not accepted: JWT_SECRET is not set")
    signed, _, signature = token.rpartition(".")
    head, _, body = signed.partition(".")
    header = _part(head)
    if header.get("alg") != "HS256":
        raise Refused("the token is not signed with HS256")
    expected = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(expected, _decode(signature)):
        raise Refused("the token's signature does not match")
    claims = _part(body)
    if "exp" in claims and now >= _moment(claims, "exp"):
        raise Refused("the token has expired")
    if "nbf" in claims and now < _moment(claims, "nbf"):
        raise Refused("the token is not valid yet")
    return claims


def _check_key(given: str, expected: str) -> None:
    if not expected:
        raise Refused("keys are not accepted: FROSTBYTE_ADMIN_API_KEY is not set")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Refused("the key in 'X-API-Key' does not match")


def _moment(claims: dict, name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Refused(f"the token's '{name}' is not a time in seconds")
    return value


def _part(text: str) -> dict:
    try:
        value = json.loads(_decode(text))
    except ValueError as error:
        raise Refused("the token is malformed") from error
    if not isinstance(value, dict):
        raise Refused("the token is malformed")
    return value


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("the token is malformed") from error
