"""The settings, from the environment."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    redis_url: str
    jwt_secret: str
    table_token_secret: str
    allowed_origins: list[str]
    debug: bool
    environment: str


def read(environment=os.environ) -> Settings:
    origins = environment.get(
        "ALLOWED_ORIGINS", "http://localhost:5176,http://localhost:5177,http://localhost:5178"
    )
    return Settings(
        database_url=environment.get("DATABASE_URL", "postgresql://postgres:postgres@localhost:5432/menu_ops"),
        redis_url=environment.get("REDIS_URL", "redis://localhost:6380"),
        jwt_secret=environment["JWT_SECRET"],
        table_token_secret=environment["TABLE_TOKEN_SECRET"],
        allowed_origins=[origin.strip() for origin in origins.split(",") if origin.strip()],
        debug=environment.get("DEBUG", "false").lower() == "true",
        environment=environment.get("ENVIRONMENT", "development"),
    )
