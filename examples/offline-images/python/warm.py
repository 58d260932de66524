"""Import, while the image is built, what the services of a stack import, so that its byte code is in the image.

What is compiled here is marked as good without a look at its source, which in an image does not change: that makes the start of
a FastAPI application a tenth shorter.
"""

import importlib.util
import sys

import alembic.command
import asyncpg
import boto3
import botocore.session
import celery.apps.beat
import celery.apps.worker
import celery.backends.redis
import celery.bin.celery
import celery.concurrency.prefork
import celery.worker
import fastapi
import fastapi.testclient
import flower_server
import httpx
import kombu.transport.redis
import multipart
import prometheus_client
import psycopg
import psycopg2
import redis.asyncio
import sqlalchemy.ext.asyncio
import sqlite3
import ssl
import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvicorn.main
import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto

boto3.client("s3", "us-east-1")
print("fastapi", fastapi.__version__, "celery", celery.__version__)

HASH_NOT_CHECKED = (1).to_bytes(4, "little")
for module in list(sys.modules.values()):
    spec = getattr(module, "__spec__", None)
    if spec is None or not spec.has_location or not spec.cached:
        continue
    try:
        with open(spec.origin, "rb") as source, open(spec.cached, "r+b") as compiled:
            compiled.seek(4)  # after the number of the format: flags, then the hash or the source's time and size
            compiled.write(HASH_NOT_CHECKED + importlib.util.source_hash(source.read()))
    except FileNotFoundError:
        pass  # not compiled, or without source
