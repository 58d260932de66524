"""The WebSocket gateway. Every connection has its own subscription; the broker does the handing out."""

import asyncio

import redis.asyncio as redis
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError

from shared import events, settings, tokens

POLICY_VIOLATION = 1008
TRY_AGAIN_LATER = 1013

config = settings.read()
broker = redis.Redis.from_url(config.redis_url, socket_connect_timeout=5)
app = FastAPI(title="Integrador WebSocket gateway", debug=config.debug)
app.add_middleware(
    CORSMiddleware, allow_origins=config.allowed_origins, allow_credentials=True, allow_methods=["*"], allow_headers=["*"]
)
connected: set[WebSocket] = set()


@app.get("/ws/health")
async def health():
    return {"status": "healthy", "service": "ws-gateway"}


@app.get("/ws/health/detailed")
async def detailed_health():
    try:
        await broker.ping()
        state = "healthy"
    except (RedisError, OSError) as failure:
        state = f"unhealthy: {type(failure).__name__}"
    well = state == "healthy"
    return JSONResponse(
        {"status": "healthy" if well else "degraded", "redis": state, "connections": len(connected)},
        status_code=200 if well else 503,
    )


@app.websocket("/ws/table")
async def table(socket: WebSocket, token: str = ""):
    claims = _verified(token, config.table_token_secret)
    await _serve(socket, events.of_table(claims["table"]) if "table" in claims else "")


@app.websocket("/ws/waiter")
async def waiter(socket: WebSocket, token: str = ""):
    claims = _verified(token, config.jwt_secret)
    await _serve(socket, events.ORDERS if claims.get("role") == "waiter" else "")


def _verified(token: str, secret: str) -> dict:
    try:
        return tokens.verify(token, secret)
    except (tokens.BadToken, ValueError, KeyError):
        return {}


async def _serve(socket: WebSocket, channel: str) -> None:
    await socket.accept()
    if not channel:
        await socket.close(POLICY_VIOLATION)
        return
    connected.add(socket)
    try:
        async with broker.pubsub() as subscription:
            await subscription.subscribe(channel)
            await socket.send_json({"event": "connected", "channel": channel})
            handing_on = asyncio.create_task(_hand_on(subscription, socket))
            leaving = asyncio.create_task(_until_it_leaves(socket))
            _, pending = await asyncio.wait({handing_on, leaving}, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            if handing_on.done() and handing_on.exception() is not None:
                await socket.close(TRY_AGAIN_LATER)
    except WebSocketDisconnect:
        pass
    finally:
        connected.discard(socket)


async def _hand_on(subscription, socket: WebSocket) -> None:
    async for message in subscription.listen():
        if message["type"] == "message":
            await socket.send_text(message["data"].decode())


async def _until_it_leaves(socket: WebSocket) -> None:
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        pass
