"""The REST API."""

import json
import logging
from contextlib import asynccontextmanager

import psycopg
import redis
from fastapi import FastAPI, Header, HTTPException
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from rest_api.store import Store
from shared import events, settings, tokens

log = logging.getLogger("uvicorn.error")
config = settings.read()
store = Store(config.database_url)
broker = redis.Redis.from_url(config.redis_url, socket_timeout=5, socket_connect_timeout=5)


@asynccontextmanager
async def lifespan(_):
    await run_in_threadpool(store.prepare)
    log.info("products and orders are ready in %s", config.environment)
    yield


app = FastAPI(title="Integrador REST API", debug=config.debug)
# the one way that all versions of FastAPI since 0.92 know
app.router.lifespan_context = lifespan
app.add_middleware(
    CORSMiddleware, allow_origins=config.allowed_origins, allow_credentials=True, allow_methods=["*"], allow_headers=["*"]
)


class NewOrder(BaseModel):
    product: int


@app.get("/api/health")
async def health():
    return {"status": "healthy", "service": "rest-api"}


@app.get("/api/health/detailed")
def detailed_health():
    checks = {"database": _check(store.answer), "redis": _check(broker.ping)}
    well = all(check == "healthy" for check in checks.values())
    return JSONResponse(
        {"status": "healthy" if well else "degraded", "environment": config.environment, **checks},
        status_code=200 if well else 503,
    )


def _check(ask) -> str:
    try:
        ask()
        return "healthy"
    except (psycopg.Error, redis.RedisError, OSError) as failure:
        return f"unhealthy: {type(failure).__name__}"


@app.get("/api/products")
def products():
    return store.products()


@app.get("/api/products/{product}/recommendations")
def recommendations(product: int):
    return store.like(product)


@app.post("/api/tables/{table}/token", status_code=201)
def table_token(table: int):
    return {"token": tokens.sign({"table": table}, config.table_token_secret)}


@app.post("/api/staff/token", status_code=201)
def staff_token():
    if config.environment != "development":
        raise HTTPException(404)
    return {"token": tokens.sign({"role": "waiter"}, config.jwt_secret)}


@app.post("/api/orders", status_code=201)
def place_order(order: NewOrder, x_table_token: str = Header()):
    try:
        table = tokens.verify(x_table_token, config.table_token_secret)["table"]
    except (tokens.BadToken, ValueError, KeyError) as failure:
        raise HTTPException(401, "The table's token is not valid.") from failure
    try:
        placed = store.order(table, order.product)
    except psycopg.errors.ForeignKeyViolation as failure:
        raise HTTPException(404, f"There is no product {order.product}.") from failure
    event = json.dumps({"event": "order-placed", **placed})
    broker.publish(events.ORDERS, event)
    broker.publish(events.of_table(table), event)
    return placed


@app.get("/api/orders")
def orders(authorization: str = Header()):
    _staff(authorization)
    return store.orders()


def _staff(authorization: str) -> dict:
    try:
        return tokens.verify(authorization.removeprefix("Bearer "), config.jwt_secret)
    except (tokens.BadToken, ValueError, KeyError) as failure:
        raise HTTPException(401, "The token is not valid.") from failure
