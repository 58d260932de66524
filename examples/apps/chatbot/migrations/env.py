"""Runs the migrations in the database of the environment, which `DATABASE_URL` names."""

from alembic import context
from sqlalchemy import create_engine

from src.app.settings import read_settings

engine = create_engine(read_settings().database_url.replace("+asyncpg", "+psycopg", 1))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
