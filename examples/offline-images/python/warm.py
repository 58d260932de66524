"""Import, while the image is built, what the services of a stack import, so that its byte code is in the image."""

import asyncpg
import boto3
import botocore.session
import celery.backends.redis
import celery.bin.celery
import celery.concurrency.prefork
import celery.worker
import fastapi
import fastapi.testclient
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
