"""What the environment variables say."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """The settings of one environment; every name in a shared server bears the environment's prefix."""

    environment: str
    database_url: str
    redis_url: str
    qdrant_url: str
    collection_prefix: str
    minio_url: str
    minio_user: str
    minio_password: str = field(repr=False)
    bucket_prefix: str = ""
    debug: bool = False
    log_level: str = "INFO"
    workers: int = 1

    @property
    def collection(self) -> str:
        return self.collection_prefix + "messages"

    @property
    def documents(self) -> str:
        """Return the bucket of files that users send."""
        return self.bucket_prefix + "documents"

    @property
    def archive(self) -> str:
        """Return the bucket of what the worker writes down."""
        return self.bucket_prefix + "archive"


def read_settings(variables=os.environ) -> Settings:
    """Read the variables; those that are not set have the values of development on this host."""
    environment = variables.get("ENVIRONMENT", "dev")
    return Settings(
        environment=environment,
        database_url=variables.get(
            "DATABASE_URL", f"postgresql+asyncpg://postgres:postgres@127.0.0.1:5433/{environment}_shia_chatbot"
        ),
        redis_url=variables.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
        qdrant_url=variables.get("QDRANT_URL", "http://127.0.0.1:6333").rstrip("/"),
        collection_prefix=variables.get("QDRANT_COLLECTION_PREFIX", environment + "_"),
        minio_url=variables.get("MINIO_URL", "http://127.0.0.1:9000"),
        minio_user=variables.get("MINIO_ROOT_USER", "minioadmin"),
        minio_password=variables.get("MINIO_ROOT_PASSWORD", "minioadmin"),
        bucket_prefix=variables.get("MINIO_BUCKET_PREFIX", environment + "-"),
        debug=variables.get("DEBUG", "false").lower() == "true",
        log_level=variables.get("LOG_LEVEL", "INFO").upper(),
        workers=int(variables.get("WORKERS", "1")),
    )
