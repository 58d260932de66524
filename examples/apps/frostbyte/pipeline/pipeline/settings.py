"""Settings from the process environment, checked once at the start, all problems at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

POSTGRES_SCHEMES = ("postgresql", "postgres")
TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class InvalidSettings(ValueError):
    """Settings that can't be used; the message names each variable and what it should hold."""


@dataclass(frozen=True)
class Settings:
    """What the process was told; secrets are kept out of the representation."""

    postgres_dsn: str = field(repr=False)
    redis_url: str = field(repr=False)
    minio_endpoint: str
    minio_access_key: str = field(repr=False)
    minio_secret_key: str = field(repr=False)
    qdrant_url: str
    qdrant_api_key: str = field(repr=False)
    auth_bypass: bool
    admin_api_key: str = field(repr=False)
    jwt_secret: str = field(repr=False)
    allowed_origins: tuple[str, ...]
    log_level: str

    def secrets(self) -> tuple[str, ...]:
        """Return every value that must not show in a log or an answer, longest first.

        A password that is the user's name as well hides nothing, and masking it would spoil the messages.
        """
        logins = [urlsplit(url) for url in (self.postgres_dsn, self.redis_url)]
        passwords = {unquote(login.password or "") for login in logins}
        names = {unquote(login.username or "") for login in logins} | {self.minio_access_key}
        values = passwords | {self.minio_secret_key, self.qdrant_api_key, self.admin_api_key, self.jwt_secret}
        return tuple(sorted((value for value in values - names if value), key=len, reverse=True))

    def mask(self, text: str) -> str:
        """Return the text with every secret in it replaced."""
        for secret in self.secrets():
            text = text.replace(secret, "***")
        return text

    def address(self, service: str) -> str:
        """Return host:port of one of the four servers, as the settings give it."""
        url, port = {
            "redis": (self.redis_url, 6379),
            "postgres": (self.postgres_dsn, 5432),
            "minio": (self.minio_endpoint, 80),
            "qdrant": (self.qdrant_url, 6333),
        }[service]
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else port)}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise InvalidSettings that lists every variable that is wrong."""
    given = os.environ if environment is None else environment
    problems: list[str] = []

    def value(name: str, default: str) -> str:
        return given.get(name, "").strip() or default

    def parsed(name: str, default: str, parse):
        text = value(name, default)
        try:
            return parse(text)
        except ValueError as error:
            problems.append(f"{name}: {error}")
            return parse(default)

    settings = Settings(
        postgres_dsn=parsed("POSTGRES_URL", "postgresql+asyncpg://frostbyte:frostbyte@postgres:5432/frostbyte", postgres_dsn),
        redis_url=parsed("REDIS_URL", "redis://redis:6379/0", redis_url),
        minio_endpoint=parsed("MINIO_ENDPOINT", "http://minio:9000", http_url),
        minio_access_key=value("MINIO_ACCESS_KEY", "frostbyte"),
        minio_secret_key=value("MINIO_SECRET_KEY", "frostbyte"),
        qdrant_url=parsed("QDRANT_URL", "http://qdrant:6333", http_url),
        qdrant_api_key=value("QDRANT_API_KEY", ""),
        auth_bypass=parsed("FROSTBYTE_AUTH_BYPASS", "false", truth),
        admin_api_key=value("FROSTBYTE_ADMIN_API_KEY", ""),
        jwt_secret=value("JWT_SECRET", ""),
        allowed_origins=tuple(origin.strip() for origin in value("ALLOWED_ORIGINS", "").split(",") if origin.strip()),
        log_level=parsed("LOG_LEVEL", "info", log_level),
    )
    if problems:
        raise InvalidSettings("; ".join(problems))
    return settings


def postgres_dsn(url: str) -> str:
    """Return the URL as asyncpg reads it: SQLAlchemy's driver suffix and its 'ssl' option translated."""
    parts = urlsplit(url)
    scheme = parts.scheme.partition("+")[0]
    if scheme not in POSTGRES_SCHEMES or not parts.hostname:
        raise ValueError(f"'{masked(url)}' is no PostgreSQL URL; expected postgresql://user:password@host:port/database")
    options = [("sslmode" if key == "ssl" else key, option) for key, option in parse_qsl(parts.query)]
    return urlunsplit(("postgresql", parts.netloc, parts.path, urlencode(options), ""))


def redis_url(url: str) -> str:
    """Return the URL when it names a Redis server."""
    parts = urlsplit(url)
    if parts.scheme not in ("redis", "rediss") or not parts.hostname:
        raise ValueError(f"'{masked(url)}' is no Redis URL; expected redis://host:port/number")
    return url


def http_url(url: str) -> str:
    """Return the URL without a closing slash; a bare host:port means http."""
    full = url if "://" in url else f"http://{url}"
    parts = urlsplit(full)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"'{masked(url)}' is no HTTP address; expected http://host:port")
    return full.rstrip("/")


def truth(text: str) -> bool:
    """Return what a yes-or-no word means."""
    if text.lower() not in TRUTHS:
        raise ValueError(f"'{text}' is neither true nor false")
    return TRUTHS[text.lower()]


def log_level(text: str) -> str:
    """Return the name of a log level in capitals."""
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(f"'{text}' is none of debug, info, warning, error")
    return text.upper()


def masked(url: str) -> str:
    """Return the URL with the password, when it has one, left out."""
    head, at, tail = url.rpartition("@")
    scheme, separator, login = head.rpartition("://")
    user, colon, _ = login.partition(":")
    return f"{scheme}{separator}{user}:***@{tail}" if at and colon else url
